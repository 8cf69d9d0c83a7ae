using Microsoft.ML;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Tests.Training;

namespace SamSegmentation.ML.Tests.Pipeline;

/// <summary>Small scenes on disk, in VOC's layout, with the same files as a folder of images and one of masks.</summary>
internal sealed class SceneFolder : IDisposable
{
    private readonly TestFolder _folder = new();

    /// <summary>Writes scenes s00, s01, …; the last ones are the validation set.</summary>
    public SceneFolder(int training = 6, int validation = 3)
    {
        Ids = [.. Enumerable.Range(0, training + validation).Select(i => $"s{i:00}")];
        for (var i = 0; i < Ids.Count; i++)
        {
            // Sizes differ, so that nothing can rely on one.
            var (image, label) = TinyScenes.Make(i, 40 + i % 3, 56 - i % 2);
            _folder.Write($"JPEGImages/{Ids[i]}.jpg", image.EncodePng());
            _folder.Write($"SegmentationClass/{Ids[i]}.png", LabelMapPng.EncodePalette(label, ColorMap.Voc));
        }
        _folder.Write("ImageSets/Segmentation/train.txt", System.Text.Encoding.UTF8.GetBytes(string.Join('\n', Ids.Take(training))));
        _folder.Write("ImageSets/Segmentation/val.txt", System.Text.Encoding.UTF8.GetBytes(string.Join('\n', Ids.Skip(training))));
    }

    /// <summary>The scenes' classes.</summary>
    public static ClassList Classes { get; } = new(["background", "red", "green"]);

    public IReadOnlyList<string> Ids { get; }

    public string Root => _folder.Root;

    public string PathOf(string relative) => _folder.PathOf(relative);

    public string ImagePath(int index) => PathOf($"JPEGImages/{Ids[index]}.jpg");

    public string MaskPath(int index) => PathOf($"SegmentationClass/{Ids[index]}.png");

    /// <summary>All scenes with their own three classes.</summary>
    public IDataView Load(MLContext context) => context.Segmentation().LoadFolder(PathOf("JPEGImages"), PathOf("SegmentationClass"), Classes);

    public void Dispose() => _folder.Dispose();
}
