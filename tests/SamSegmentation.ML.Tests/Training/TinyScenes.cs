using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Tests.Training;

/// <summary>Small pictures with something to learn: a red and a green rectangle on grey noise, each its own class.</summary>
internal static class TinyScenes
{
    private const int Void = 255;

    /// <summary>A picture and its classes: 0 grey, 1 red, 2 green, and a void frame of one pixel around each rectangle.</summary>
    public static (RgbImage Image, LabelMap Label) Make(int seed, int height = 40, int width = 56)
    {
        var random = new Random(seed);
        var pixels = new byte[height * width * 3];
        var label = new LabelMap(height, width);
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)random.Next(90, 130);
        for (ushort id = 1; id <= 2; id++)
        {
            var (top, left) = (random.Next(0, height / 2), random.Next(0, width / 2));
            var (bottom, right) = (top + random.Next(height / 4, height / 2), left + random.Next(width / 4, width / 2));
            for (var y = top; y < bottom; y++)
            {
                for (var x = left; x < right; x++)
                {
                    var frame = y == top || y == bottom - 1 || x == left || x == right - 1;
                    label[y, x] = frame ? (ushort)Void : id;
                    pixels[(y * width + x) * 3 + id - 1] = (byte)random.Next(200, 255);
                    pixels[(y * width + x) * 3 + 2 - id] = (byte)random.Next(0, 40);
                }
            }
        }
        return (new RgbImage(height, width, pixels), label);
    }
}
