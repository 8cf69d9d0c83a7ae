using SamSegmentation.ML.Imaging;

namespace SamSegmentation.Cli.Inspection;

/// <summary>One picture of images and what augmentation makes of them: a row each, with its label over each image.</summary>
/// <param name="cell">The longest side of an image in the sheet, in pixels; smaller images keep their size.</param>
internal sealed class AugmentationSheet(int cell)
{
    private const int Gap = 4;

    // Padding is void, and has VOC's colour of it; the labels' outlines show whether they lie on what they name.
    private static readonly OverlayOptions s_style = new() { DrawBorders = true };

    private readonly List<IReadOnlyList<RgbImage>> _rows = [];

    /// <summary>Adds an image and its variations, all of one size.</summary>
    /// <param name="images">Each with its label.</param>
    public void Add(IEnumerable<(RgbImage Image, LabelMap Label)> images) => _rows.Add([.. images.Select(pair => Draw(pair.Image, pair.Label))]);

    /// <summary>Puts the rows under each other.</summary>
    public RgbImage Render()
    {
        var width = _rows.Max(row => row.Sum(image => image.Width + Gap)) - Gap;
        var height = _rows.Sum(row => row[0].Height + Gap) - Gap;
        var pixels = new byte[checked(3 * width * height)];
        pixels.AsSpan().Fill(byte.MaxValue);
        var top = 0;
        foreach (var row in _rows)
        {
            for (var i = 0; i < row.Count; i++)
                Paste(row[i], pixels, width, i * (row[i].Width + Gap), top);
            top += row[0].Height + Gap;
        }
        return new RgbImage(height, width, pixels);
    }

    private RgbImage Draw(RgbImage image, LabelMap label)
    {
        var (height, width) = ImageGeometry.SizeWithin(image.Height, image.Width, cell);
        return Overlay.Blend(PillowResize.Bilinear(image, height, width), label.ResizeNearest(height, width), ColorMap.Voc, 0.35, s_style);
    }

    private static void Paste(RgbImage image, byte[] pixels, int width, int left, int top)
    {
        for (var y = 0; y < image.Height; y++)
            image.Pixels.AsSpan(3 * y * image.Width, 3 * image.Width).CopyTo(pixels.AsSpan(3 * ((top + y) * width + left)));
    }
}
