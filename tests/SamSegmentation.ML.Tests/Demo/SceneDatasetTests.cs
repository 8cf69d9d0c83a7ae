using SamSegmentation.Demo.Scenes;
using SamSegmentation.ML.Imaging;
using Xunit;

namespace SamSegmentation.ML.Tests.Demo;

public sealed class SceneDatasetTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_SmallSet_HasVocsLayout()
    {
        string root = SceneDataset.Write(_folder.Root, trainCount: 3, valCount: 2, seed: 4);

        Assert.Equal(Path.Combine(_folder.Root, "VOCdevkit", "VOC2012"), root);
        string lists = Path.Combine(root, "ImageSets", "Segmentation");
        string[] train = File.ReadAllLines(Path.Combine(lists, "train.txt"));
        string[] val = File.ReadAllLines(Path.Combine(lists, "val.txt"));
        Assert.Equal((3, 2), (train.Length, val.Length));
        Assert.Empty(train.Intersect(val));
        Assert.Equal([.. train, .. val], File.ReadAllLines(Path.Combine(lists, "trainval.txt")));
        Assert.Equal(SceneClasses.Names, File.ReadAllLines(Path.Combine(root, "classes.txt")));
        Assert.Equal(5, Directory.GetFiles(Path.Combine(root, "JPEGImages")).Length);
        Assert.Equal(5, Directory.GetFiles(Path.Combine(root, "SegmentationClass")).Length);
    }

    [Fact]
    public void Write_Images_AreTheScenes()
    {
        string root = SceneDataset.Write(_folder.Root, 2, 1, seed: 4);

        foreach (var (id, number) in File.ReadAllLines(Path.Combine(root, "ImageSets", "Segmentation", "trainval.txt")).Select((id, number) => (id, number)))
        {
            var scene = Scene.Generate(4, number);
            var image = RgbImage.Load(Path.Combine(root, "JPEGImages", id + ".jpg"));
            var labels = LabelMapPng.Load(Path.Combine(root, "SegmentationClass", id + ".png"));
            Assert.Equal(scene.Labels.Ids, labels.Ids);
            Assert.Equal((labels.Height, labels.Width), (image.Height, image.Width));
            double error = scene.Image.Pixels.Zip(image.Pixels, (a, b) => Math.Abs(a - b)).Average();
            // The camera's noise in colour does not survive JPEG's halved colour resolution.
            Assert.True(error < 8, $"The JPEG is {error:F2} off on average.");
        }
    }

    [Fact]
    public void Write_Twice_GivesTheSameMasks()
    {
        string first = SceneDataset.Write(_folder.PathOf("a"), 2, 1, seed: 4);
        string second = SceneDataset.Write(_folder.PathOf("b"), 2, 1, seed: 4);

        string[] masks = [.. Directory.GetFiles(Path.Combine(first, "SegmentationClass")).Order()];
        Assert.Equal(3, masks.Length);
        foreach (string mask in masks)
            Assert.Equal(File.ReadAllBytes(mask), File.ReadAllBytes(Path.Combine(second, "SegmentationClass", Path.GetFileName(mask))));
    }
}
