using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.Consumer;

/// <summary>Photographs of a grey ground with a red and a blue block, and the masks of them.</summary>
internal static class Scenes
{
    private const int Height = 48, Width = 64;

    public static ClassList Classes { get; } = new(["ground", "red", "blue"]);

    /// <summary>Writes <c>images/0.png</c>, <c>masks/0.png</c> and so on.</summary>
    public static void Draw(string folder, int count)
    {
        foreach (var name in new[] { "images", "masks" })
            Directory.CreateDirectory(Path.Combine(folder, name));
        for (var number = 0; number < count; number++)
        {
            var label = Label(number);
            Photograph(label).SavePng(Path.Combine(folder, "images", $"{number}.png"));
            LabelMapPng.SavePalette(label, Path.Combine(folder, "masks", $"{number}.png"), ColorMap.Voc);
        }
    }

    /// <summary>The true classes of a scene.</summary>
    public static LabelMap Label(int number)
    {
        var map = new LabelMap(Height, Width);
        Fill(map, id: 1, left: number * 5 % 24, top: number * 7 % 20);
        Fill(map, id: 2, left: 32 + number * 3 % 10, top: 4 + number * 11 % 18);
        return map;
    }

    private static void Fill(LabelMap map, ushort id, int left, int top)
    {
        for (var y = top; y < top + 24; y++)
        {
            for (var x = left; x < left + 20; x++)
                map[y, x] = id;
        }
    }

    private static RgbImage Photograph(LabelMap label)
    {
        var pixels = new byte[3 * Height * Width];
        for (var i = 0; i < label.Ids.Length; i++)
        {
            pixels.AsSpan(3 * i, 3).Fill((byte)(100 + i % 7));
            if (label.Ids[i] > 0)
                pixels[3 * i + (label.Ids[i] == 1 ? 0 : 2)] = 230;
        }
        return new RgbImage(Height, Width, pixels);
    }
}
