using SamSegmentation.ML.Imaging;

namespace SamSegmentation.Cli.Tests;

/// <summary>Small photographs with masks: a red and a blue rectangle, with void borders, on a noisy ground.</summary>
internal static class TinyScenes
{
    public const string ClassNames = "ground\nred\nblue\n";

    private const ushort Void = 255;

    /// <summary>Writes a dataset in VOC's layout: <c>t0</c>, <c>t1</c>, … for training and <c>v0</c>, … for validation.</summary>
    public static string Voc(TemporaryFolder folder, int training = 4, int validation = 2)
    {
        List(folder, "train", 't', training);
        List(folder, "val", 'v', validation);
        return folder.PathOf("voc");
    }

    /// <summary>Writes one scene; its number decides its size and what is on it.</summary>
    public static void Write(string image, string mask, int number)
    {
        var (photograph, labels) = Make(number);
        Directory.CreateDirectory(Path.GetDirectoryName(image)!);
        using (var jpeg = photograph.ToMLImage())
            jpeg.Save(image);
        LabelMapPng.SavePalette(labels, mask, ColorMap.Voc);
    }

    private static void List(TemporaryFolder folder, string name, char letter, int count)
    {
        for (var i = 0; i < count; i++)
            Write(folder.PathOf($"voc/JPEGImages/{letter}{i}.jpg"), folder.PathOf($"voc/SegmentationClass/{letter}{i}.png"), i + 10 * letter);
        folder.Write($"voc/ImageSets/Segmentation/{name}.txt", string.Concat(Enumerable.Range(0, count).Select(i => $"{letter}{i}\n")));
    }

    private static (RgbImage, LabelMap) Make(int number)
    {
        var random = new Random(number);
        var (height, width) = (random.Next(24, 40), random.Next(24, 40));
        var pixels = new byte[3 * height * width];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)random.Next(90, 130);
        var labels = new LabelMap(height, width);
        for (ushort id = 1; id <= 2; id++)
        {
            var (top, left) = (random.Next(height / 2), random.Next(width / 2));
            for (var y = top; y < top + height / 2; y++)
            {
                for (var x = left; x < left + width / 2; x++)
                {
                    var isBorder = y == top || x == left;
                    labels[y, x] = isBorder ? Void : id;
                    pixels[3 * (y * width + x) + (id == 1 ? 0 : 2)] = 230;
                }
            }
        }
        return (new RgbImage(height, width, pixels), labels);
    }
}
