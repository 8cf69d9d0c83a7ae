using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling.Memory;
using TorchSharp;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Embeddings;

/// <summary>Prepared images as the network's input, where the network is.</summary>
internal static class DeviceImages
{
    private const int Channels = 3;
    private const float WholeByte = 255;

    /// <summary>
    /// Scales and pads images, as <see cref="PreprocessedTensor.ToTensor"/> does. A GPU gets their bytes, a quarter of what it makes
    /// of them, and the processor has its time for the next images.
    /// </summary>
    /// <param name="preprocessor">What prepared them.</param>
    /// <param name="images">At least one image, each prepared for the preprocessor's size.</param>
    /// <param name="device">Where they shall be.</param>
    /// <returns>float32 [images, 3, size, size], in the current dispose scope.</returns>
    /// <exception cref="ArgumentException">There is no image, or one was prepared for another size.</exception>
    public static Tensor Of(SamPreprocessor preprocessor, IReadOnlyList<PreparedImage> images, Device device) =>
        device.type == DeviceType.CPU ? preprocessor.ToTensor(images) : MadeThere(preprocessor, images, device);

    /// <summary>The same by the device's own arithmetic.</summary>
    internal static Tensor MadeThere(SamPreprocessor preprocessor, IReadOnlyList<PreparedImage> images, Device device)
    {
        using var scope = NewDisposeScope();
        var size = preprocessor.ImageSize;
        var (mean, deviation) = (ByChannel(MeanOf), ByChannel(DeviationOf));
        var batch = zeros(images.Count, Channels, size, size, dtype: ScalarType.Float32, device: device);
        for (var i = 0; i < images.Count; i++)
        {
            using var image = NewDisposeScope();
            var geometry = images[i].Geometry;
            if (geometry.Size != size)
                throw new ArgumentException($"Image {i} was prepared for size {geometry.Size}, not {size}.", nameof(images));
            var bytes = tensor(images[i].Pixels, [geometry.ContentHeight, geometry.ContentWidth, Channels]);
            var pixels = DeviceTransfer.ToDevice(bytes, device).permute(2, 0, 1).to(ScalarType.Float32);
            batch.select(0, i).narrow(1, 0, geometry.ContentHeight).narrow(2, 0, geometry.ContentWidth).copy_((pixels - mean) / deviation);
        }
        return batch.MoveToOuterDisposeScope();

        float MeanOf(int channel) => preprocessor.Mode == Preprocessing.Sam ? SamPreprocessor.Mean[channel] : 0;

        float DeviationOf(int channel) => preprocessor.Mode == Preprocessing.Sam ? SamPreprocessor.StandardDeviation[channel] : WholeByte;

        // [3, 1, 1]: tensors, because a GPU multiplies by the reciprocal of a number.
        Tensor ByChannel(Func<int, float> value) =>
            DeviceTransfer.ToDevice(tensor(Enumerable.Range(0, Channels).Select(value).ToArray(), [Channels, 1, 1]), device);
    }
}
