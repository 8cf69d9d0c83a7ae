using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Training.Augmentation;
using Xunit;

namespace SamSegmentation.Cli.Tests.Commands;

public sealed class InspectAugmentationCommandTests : IDisposable
{
    private const int Gap = 4;

    private readonly TemporaryFolder _folder = new();
    private readonly string _voc;
    private readonly string _classes;

    public InspectAugmentationCommandTests()
    {
        _voc = TinyScenes.Voc(_folder);
        _classes = _folder.Write("classes.txt", TinyScenes.ClassNames);
    }

    private string Sheet => _folder.PathOf("sheet.png");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect_EpochsOfAnEncoderThatRuns_AreSideBySide()
    {
        var run = await Inspect("--scale-jitter", "--flip-probability", "0.5", "--count", "3", "--variants", "2", "--seed", "5");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.EndsWith($"{Sheet}  3 image(s), each as it is and in 2 variation(s){Environment.NewLine}", run.Output, StringComparison.Ordinal);
        var options = new AugmentationOptions { ScaleJitter = true, FlipProbability = 0.5 };
        CheckCells((augmenter, sample, place) => [sample, augmenter.Vary(sample, 1, place), augmenter.Vary(sample, 2, place)], new Augmenter(options, 255, 5), images: 3);
    }

    [Fact]
    public async Task Inspect_Views_AreThoseThatAreCached()
    {
        var run = await Inspect("--hue", "0.2", "--views", "3", "--count", "9");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("4 image(s), each as it is and in 2 variation(s)", run.Output, StringComparison.Ordinal);
        CheckCells((augmenter, sample, _) => [sample, augmenter.View(sample, 1), augmenter.View(sample, 2)], new Augmenter(new() { Hue = 0.2, Views = 3 }, 255, 0), images: 4);
    }

    [Fact]
    public async Task Inspect_Side_MakesImagesSmaller()
    {
        await Inspect("--hue", "0.2", "--count", "1", "--variants", "3", "--side", "12");

        var sheet = RgbImage.Load(Sheet);
        Assert.Equal(12, Math.Max(sheet.Height, (sheet.Width - 3 * Gap) / 4));
    }

    [Theory]
    [InlineData("nothing is varied: expected --flip-probability", "--seed", "1")]
    [InlineData("training.augmentation.max_scale: is 9; it must be above 0 and at most 8.", "--scale-jitter", "--max-scale", "9")]
    [InlineData("training.augmentation.min_scale: is 0.25; that needs ScaleJitter.", "--min-scale", "0.25")]
    [InlineData("--count: expected an integer of at least 1, found '0'", "--hue", "0.1", "--count", "0")]
    public async Task Inspect_BadSettings_AreBadUsage(string expected, params string[] args)
    {
        var run = await Inspect(args);

        Assert.Equal(2, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Sheet));
    }

    private Task<SamSeg> Inspect(params string[] args) =>
        SamSeg.RunAsync(["inspect", "augmentation", "--data", _voc, "--classes", _classes, "--output", Sheet, .. args]);

    // Each cell is the varied image with its label's colours over it.
    private void CheckCells(Func<Augmenter, LabeledImage, int, LabeledImage[]> rowOf, Augmenter augmenter, int images)
    {
        var sheet = RgbImage.Load(Sheet);
        var (top, place) = (0, 0);
        foreach (var sample in SegmentationDataset.OpenVoc(_voc, VocSplit.Train, ClassList.Load(_classes)).Read().Take(images))
        {
            var left = 0;
            foreach (var cell in rowOf(augmenter, sample, place++))
            {
                var drawn = Overlay.Blend(cell.Image, cell.Label, ColorMap.Voc, 0.35, new OverlayOptions { DrawBorders = true });
                for (var y = 0; y < drawn.Height; y++)
                    Assert.Equal(drawn.Pixels.AsSpan(3 * y * drawn.Width, 3 * drawn.Width), sheet.Pixels.AsSpan(3 * ((top + y) * sheet.Width + left), 3 * drawn.Width));
                left += drawn.Width + Gap;
            }
            top += sample.Image.Height + Gap;
        }
        Assert.Equal(top - Gap, sheet.Height);
    }
}
