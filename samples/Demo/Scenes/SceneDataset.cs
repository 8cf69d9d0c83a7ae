using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.IO;

namespace SamSegmentation.Demo.Scenes;

/// <summary>Writes synthetic scenes in the layout of PASCAL VOC 2012.</summary>
public static class SceneDataset
{
    /// <summary>
    /// Writes <c>VOCdevkit/VOC2012/{JPEGImages,SegmentationClass,ImageSets/Segmentation}</c> and, beside them,
    /// <c>classes.txt</c> with the classes' names, a line each.
    /// </summary>
    /// <param name="folder">Where <c>VOCdevkit</c> is made; files of the same names are replaced.</param>
    /// <param name="trainCount">The scenes of the train list.</param>
    /// <param name="valCount">The scenes of the val list; none of them is in the train list.</param>
    /// <param name="seed">The same seed and counts give the same scenes.</param>
    /// <returns>The path of <c>VOC2012</c>.</returns>
    public static string Write(string folder, int trainCount, int valCount, int seed)
    {
        string root = Path.Combine(folder, "VOCdevkit", "VOC2012");
        string images = Path.Combine(root, "JPEGImages");
        string masks = Path.Combine(root, "SegmentationClass");
        string lists = Path.Combine(root, "ImageSets", "Segmentation");
        Directory.CreateDirectory(images);
        Directory.CreateDirectory(masks);
        Directory.CreateDirectory(lists);

        Parallel.For(0, trainCount + valCount, number =>
        {
            var scene = Scene.Generate(seed, number);
            using (var image = scene.Image.ToMLImage())
                image.Save(Path.Combine(images, $"{Id(number)}.jpg"));
            LabelMapPng.SavePalette(scene.Labels, Path.Combine(masks, $"{Id(number)}.png"), ColorMap.Voc);
        });

        string[] ids = [.. Enumerable.Range(0, trainCount + valCount).Select(Id)];
        AtomicFile.Write(Path.Combine(lists, "train.txt"), Lines(ids[..trainCount]));
        AtomicFile.Write(Path.Combine(lists, "val.txt"), Lines(ids[trainCount..]));
        AtomicFile.Write(Path.Combine(lists, "trainval.txt"), Lines(ids));
        AtomicFile.Write(Path.Combine(root, "classes.txt"), Lines(SceneClasses.Names));
        return root;
    }

    private static string Id(int number) => $"scene_{number:D5}";

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));
}
