using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Prediction.Passes;

/// <summary>Cuts an image's passes out of it; each scaled image is made once.</summary>
/// <param name="image">The image.</param>
/// <param name="size">The side of the network's input.</param>
internal sealed class ScaledImages(RgbImage image, int size)
{
    private readonly Dictionary<(int Height, int Width), RgbImage> _scaled = [];

    /// <summary>The pixels of a pass, at the top left of the network's input.</summary>
    public PreparedImage Cut(InferencePass pass)
    {
        var (rows, columns) = (pass.Rows, pass.Columns);
        var key = (rows.Scaled, columns.Scaled);
        if (!_scaled.TryGetValue(key, out var scaled))
            _scaled.Add(key, scaled = PillowResize.Bilinear(image, rows.Scaled, columns.Scaled));
        var pixels = new byte[3 * rows.Length * columns.Length];
        for (var y = 0; y < rows.Length; y++)
        {
            var source = scaled.Pixels.AsSpan(3 * ((rows.Start + y) * scaled.Width + columns.Start), 3 * columns.Length);
            var target = pixels.AsSpan(3 * y * columns.Length, 3 * columns.Length);
            if (!pass.Mirrored)
                source.CopyTo(target);
            for (var x = 0; pass.Mirrored && x < columns.Length; x++)
                source.Slice(3 * x, 3).CopyTo(target[(3 * (columns.Length - 1 - x))..]);
        }
        return new PreparedImage(pixels, new ImageGeometry(rows.Length, columns.Length, rows.Length, columns.Length, size));
    }
}
