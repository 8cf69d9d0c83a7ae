using System.Globalization;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Prediction.Passes;

/// <summary>The passes that an image takes.</summary>
/// <param name="Height">The image's own height.</param>
/// <param name="Width">The image's own width.</param>
/// <param name="Size">The side of the network's input.</param>
/// <param name="Views">How often each pixel is seen whole: the number of scales, twice that with mirrored passes.</param>
/// <param name="Passes">The passes, in the order of their first own rows.</param>
internal sealed record InferencePlan(int Height, int Width, int Size, int Views, IReadOnlyList<InferencePass> Passes)
{
    /// <summary>The most pixels that a scaled image may have: as many as an image file may have by default.</summary>
    public static readonly long MaxScaledPixels = ImageLimits.Default.MaxPixels;

    /// <summary>Whether the image is seen once, whole and not mirrored.</summary>
    public bool IsSinglePass => Passes is [{ Rows: var rows, Columns: var columns }] && rows.Length == rows.Scaled && columns.Length == columns.Scaled;

    /// <summary>Plans an image's passes.</summary>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="size">The side of the network's input.</param>
    /// <param name="mode">
    /// How images are brought to that size. With <see cref="Preprocessing.Stretch"/> the scaled image is a square, but for
    /// <see cref="SlidingWindow.OwnSize"/>.
    /// </param>
    /// <param name="options">Sound options.</param>
    /// <exception cref="InvalidOperationException">A scaled image would have more than <see cref="MaxScaledPixels"/>.</exception>
    public static InferencePlan Of(int height, int width, int size, Preprocessing mode, InferenceOptions options)
    {
        var passes = new List<InferencePass>();
        IReadOnlyList<double> scales = options.Scales.Count == 0 ? [1] : options.Scales;
        foreach (var scale in scales)
        {
            var (scaledHeight, scaledWidth) = Scaled(height, width, size, mode, options.Window, scale);
            var rows = AxisWindows.Cover(height, scaledHeight, size, options.Overlap);
            var columns = AxisWindows.Cover(width, scaledWidth, size, options.Overlap);
            foreach (var row in rows)
            {
                foreach (var column in columns)
                {
                    passes.Add(new InferencePass(row, column, Mirrored: false));
                    if (options.Flip)
                        passes.Add(new InferencePass(row, column, Mirrored: true));
                }
            }
        }
        return new InferencePlan(height, width, size, scales.Count * (options.Flip ? 2 : 1), [.. passes.OrderBy(pass => pass.Rows.First)]);
    }

    private static (int Height, int Width) Scaled(int height, int width, int size, Preprocessing mode, SlidingWindow window, double scale)
    {
        // The product first, so that scale 1 gives the sides of ImageGeometry.
        var (down, across) = (window, mode) switch
        {
            (SlidingWindow.OwnSize, _) => (scale, scale),
            (_, Preprocessing.Stretch) => (scale * size / height, scale * size / width),
            (SlidingWindow.ShorterSide, _) => Both(scale * size / Math.Min(height, width)),
            _ => Both(scale * size / Math.Max(height, width)),
        };
        var (newHeight, newWidth) = (Side(height * down), Side(width * across));
        if (newHeight * newWidth > MaxScaledPixels)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"At scale {scale} an image of {width}×{height} pixels is to be cut into windows at {newWidth:0}×{newHeight:0}; expected at most {MaxScaledPixels} pixels. Use smaller scales, or another {nameof(InferenceOptions.Window)} than {window}."));
        }
        return ((int)newHeight, (int)newWidth);

        static (double, double) Both(double factor) => (factor, factor);
    }

    private static double Side(double length) => Math.Max(1, Math.Floor(length + 0.5));
}
