using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Training.Augmentation;

/// <summary>Mirrors images and labels left to right.</summary>
internal static class Mirroring
{
    public static RgbImage Mirror(RgbImage image)
    {
        var pixels = new byte[image.Pixels.Length];
        for (var y = 0; y < image.Height; y++)
        {
            var row = image.Pixels.AsSpan(3 * y * image.Width, 3 * image.Width);
            var target = pixels.AsSpan(3 * y * image.Width, 3 * image.Width);
            for (var x = 0; x < image.Width; x++)
                row.Slice(3 * x, 3).CopyTo(target[(3 * (image.Width - 1 - x))..]);
        }
        return new RgbImage(image.Height, image.Width, pixels);
    }

    public static LabelMap Mirror(LabelMap map)
    {
        var ids = (ushort[])map.Ids.Clone();
        for (var y = 0; y < map.Height; y++)
            ids.AsSpan(y * map.Width, map.Width).Reverse();
        return new LabelMap(map.Height, map.Width, ids);
    }
}
