using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Imaging;

/// <summary>Prepared images as the network's input.</summary>
public static class PreprocessedTensor
{
    /// <summary>Scales prepared images and pads them with zeros to the right and below.</summary>
    /// <param name="preprocessor">What prepared them.</param>
    /// <param name="images">At least one image, each prepared for the preprocessor's size.</param>
    /// <returns>float32 [images, 3, size, size] on the CPU, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">There is no image, or one was prepared for another size.</exception>
    public static Tensor ToTensor(this SamPreprocessor preprocessor, IReadOnlyList<PreparedImage> images)
    {
        ArgumentNullException.ThrowIfNull(preprocessor);
        ArgumentNullException.ThrowIfNull(images);
        if (images.Count == 0)
        {
            throw new ArgumentException("Expected at least one image.", nameof(images));
        }

        int size = preprocessor.ImageSize;
        for (int i = 0; i < images.Count; i++)
        {
            if (images[i].Geometry.Size != size)
            {
                throw new ArgumentException($"Image {i} was prepared for size {images[i].Geometry.Size}, not {size}.", nameof(images));
            }
        }

        Tensor batch = zeros(images.Count, SamPreprocessor.Channels, size, size, dtype: ScalarType.Float32);
        for (int i = 0; i < images.Count; i++)
        {
            using Tensor image = batch[i];
            preprocessor.Fill(images[i], MemoryMarshal.Cast<byte, float>(image.bytes));
        }

        return batch;
    }
}
