using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Reports.Pictures;

/// <summary>A white picture to draw rectangles and words on.</summary>
/// <param name="height">Height in pixels.</param>
/// <param name="width">Width in pixels.</param>
internal sealed class PixelCanvas(int height, int width)
{
    private readonly byte[] _pixels = White(height, width);

    /// <summary>Fills a rectangle, which lies within the picture.</summary>
    public void Fill(int left, int top, int across, int down, (byte R, byte G, byte B) color)
    {
        for (var y = top; y < top + down; y++)
        {
            for (var x = left; x < left + across; x++)
                Set(x, y, color);
        }
    }

    /// <summary>Writes from left to right; <paramref name="left"/> and <paramref name="top"/> are the first letter's corner.</summary>
    public void Write(string text, int left, int top, int scale, (byte R, byte G, byte B) color) =>
        Write(text, (x, y) => Fill(left + x * scale, top + y * scale, scale, scale, color));

    /// <summary>Writes from the bottom upwards; <paramref name="left"/> and <paramref name="bottom"/> are the first letter's corner.</summary>
    public void WriteUpwards(string text, int left, int bottom, int scale, (byte R, byte G, byte B) color) =>
        Write(text, (x, y) => Fill(left + y * scale, bottom - (x + 1) * scale, scale, scale, color));

    /// <summary>The picture as it is now.</summary>
    public RgbImage ToImage() => new(height, width, [.. _pixels]);

    private static byte[] White(int height, int width)
    {
        var pixels = new byte[3 * height * width];
        pixels.AsSpan().Fill(byte.MaxValue);
        return pixels;
    }

    private static void Write(string text, Action<int, int> dot)
    {
        for (var i = 0; i < text.Length; i++)
        {
            for (var y = 0; y < PixelFont.Height; y++)
            {
                for (var x = 0; x < PixelFont.GlyphWidth; x++)
                {
                    if (PixelFont.IsSet(text[i], x, y))
                        dot(i * PixelFont.Advance + x, y);
                }
            }
        }
    }

    private void Set(int x, int y, (byte R, byte G, byte B) color)
    {
        var at = 3 * (y * width + x);
        (_pixels[at], _pixels[at + 1], _pixels[at + 2]) = color;
    }
}
