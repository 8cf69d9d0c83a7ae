using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Training.Data;

/// <summary>Mirrors images and labels left to right, within their content: padding stays at the right.</summary>
internal static class Mirroring
{
    public static PreparedImage Mirror(PreparedImage image)
    {
        var (height, width) = (image.Geometry.ContentHeight, image.Geometry.ContentWidth);
        var pixels = new byte[image.Pixels.Length];
        for (var y = 0; y < height; y++)
        {
            var row = image.Pixels.AsSpan(3 * y * width, 3 * width);
            var target = pixels.AsSpan(3 * y * width, 3 * width);
            for (var x = 0; x < width; x++)
                row.Slice(3 * x, 3).CopyTo(target[(3 * (width - 1 - x))..]);
        }
        return new PreparedImage(pixels, image.Geometry);
    }

    public static LabelMap Mirror(LabelMap map)
    {
        var ids = (ushort[])map.Ids.Clone();
        for (var y = 0; y < map.Height; y++)
            ids.AsSpan(y * map.Width, map.Width).Reverse();
        return new LabelMap(map.Height, map.Width, ids);
    }
}
