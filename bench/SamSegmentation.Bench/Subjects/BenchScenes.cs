using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.Bench.Subjects;

/// <summary>
/// Photographs and labels of PASCAL VOC's size, made of a number: smooth colours with noise, and discs of three classes
/// with a rim of void, much as VOC's segments.
/// </summary>
internal static class BenchScenes
{
    /// <summary>VOC's usual size.</summary>
    internal const int Height = 375, Width = 500;

    private const int Discs = 3;
    private const int Rim = 4;
    private const ushort Void = 255;

    internal static LabeledImage Scene(int number, int height = Height, int width = Width) =>
        new($"scene {number}", Image(number, height, width), Label(number, height, width));

    internal static RgbImage Image(int number, int height = Height, int width = Width)
    {
        var random = new Random(number);
        var pixels = new byte[3 * height * width];
        // A cheap noise of its own: Random would take most of the time.
        var noise = (uint)random.Next() | 1;
        for (var i = 0; i < pixels.Length; i++)
        {
            noise = noise * 1664525 + 1013904223;
            pixels[i] = (byte)(96 + (i / 3 % width * 64 / width) + (i / 3 / width * 64 / height) + (noise >> 28));
        }
        return new RgbImage(height, width, pixels);
    }

    internal static LabelMap Label(int number, int height = Height, int width = Width)
    {
        var random = new Random(number);
        var map = new LabelMap(height, width);
        for (var disc = 0; disc < Discs; disc++)
        {
            var id = (ushort)random.Next(1, BenchNetwork.Classes);
            var (centreY, centreX, radius) = (random.Next(height), random.Next(width), random.Next(height / 8, height / 3));
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    var distance = Math.Sqrt(((y - centreY) * (y - centreY)) + ((x - centreX) * (x - centreX)));
                    if (distance <= radius)
                        map[y, x] = distance > radius - Rim ? Void : id;
                }
            }
        }
        return map;
    }
}
