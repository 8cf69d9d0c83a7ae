using SamSegmentation.ML.Imaging;

namespace SamSegmentation.Demo;

/// <summary>One picture of some images: a column each, with the photograph, the truth and the prediction over it.</summary>
public sealed class ComparisonSheet(int columns)
{
    private const int Gap = 4;

    private static readonly OverlayOptions s_style = new() { TransparentIds = [0, 255], DrawBorders = true };

    private readonly List<RgbImage[]> _columns = [];

    /// <summary>Takes an image, if there is still room.</summary>
    public void Add(RgbImage image, LabelMap truth, LabelMap prediction)
    {
        if (_columns.Count < columns)
            _columns.Add([image, Draw(image, truth), Draw(image, prediction)]);
    }

    /// <summary>Writes the sheet as a PNG.</summary>
    public void Save(string path)
    {
        int width = _columns.Sum(column => column[0].Width + Gap) - Gap;
        int cell = _columns.Max(column => column[0].Height) + Gap;
        int height = _columns[0].Length * cell - Gap;
        var pixels = new byte[3 * width * height];
        pixels.AsSpan().Fill(byte.MaxValue);
        int left = 0;
        foreach (var column in _columns)
        {
            for (int row = 0; row < column.Length; row++)
                Paste(column[row], pixels, width, left, row * cell);
            left += column[0].Width + Gap;
        }
        new RgbImage(height, width, pixels).SavePng(path);
    }

    private static RgbImage Draw(RgbImage image, LabelMap labels) => Overlay.Blend(image, labels, ColorMap.Voc, 0.6, s_style);

    private static void Paste(RgbImage image, byte[] pixels, int width, int left, int top)
    {
        for (int y = 0; y < image.Height; y++)
            image.Pixels.AsSpan(3 * y * image.Width, 3 * image.Width).CopyTo(pixels.AsSpan(3 * ((top + y) * width + left)));
    }
}
