using System.Text.Json;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;
using Xunit;

namespace SamSegmentation.Cli.Tests.Commands;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _voc;
    private readonly string _model;
    private readonly string _classes;

    public EvaluateCommandTests()
    {
        _voc = TinyScenes.Voc(_folder);
        _model = TinyNetwork.WriteModel(_folder, "model.safetensors", "ground", "red", "blue");
        _classes = _folder.Write("classes.txt", TinyScenes.ClassNames);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train", 4)]
    [InlineData("val", 2)]
    public async Task Evaluate_Json_IsWhatTheLibraryMeasures(string split, int images)
    {
        var run = await SamSeg.RunAsync("evaluate", "--model", _model, "--data", _voc, "--classes", _classes, "--split", split, "--json", "--inference-batch-size", "2");

        Assert.Equal(0, run.Code);
        Assert.Contains($"dataset     {images} image(s)", run.Error, StringComparison.Ordinal); // results alone are on the output
        using var json = JsonDocument.Parse(run.Output);
        var expected = Measure(split == "train" ? VocSplit.Train : VocSplit.Val, batchSize: 2);
        var root = json.RootElement;
        Assert.Equal(images, root.GetProperty("images").GetInt32());
        Assert.Equal(expected.MeanIoU, root.GetProperty("mean_iou").GetDouble());
        Assert.Equal(expected.PixelAccuracy, root.GetProperty("pixel_accuracy").GetDouble());
        Assert.Equal(
            expected.ConfusionMatrix.SelectMany(row => row),
            root.GetProperty("confusion_matrix").EnumerateArray().SelectMany(row => row.EnumerateArray().Select(count => count.GetInt64())));
        Assert.Equal("""{"window":"off","overlap":null,"flip":false,"scales":[1]}""", JsonSerializer.Serialize(root.GetProperty("inference")));
        Assert.Equal(["ground", "red", "blue"], root.GetProperty("classes").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        Assert.Equal(expected.PerClassIoU, root.GetProperty("classes").EnumerateArray().Select(one => (double?)one.GetProperty("iou").GetDouble()));
    }

    [Fact]
    public async Task Evaluate_Text_IsTheTable()
    {
        var run = await SamSeg.RunAsync("evaluate", "--model", _model, "--data", _voc, "--classes", _classes);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(
            $"""
            network     custom (32 px, patch 8, 2 blocks of width 16, embedding 16), 3 classes, from {_model}
            dataset     2 image(s)

            {Measure(VocSplit.Val).ToTable()}
            """.TrimEnd() + Environment.NewLine,
            run.Output);
    }

    [Fact]
    public async Task Evaluate_SeveralPasses_MeasuresTheirAverage()
    {
        var run = await SamSeg.RunAsync(
            "evaluate", "--model", _model, "--data", _voc, "--classes", _classes, "--json", "--window", "own_size", "--flip", "--scales", "0.5,2");

        Assert.Equal(0, run.Code);
        using var json = JsonDocument.Parse(run.Output);
        var expected = Measure(VocSplit.Val, new InferenceOptions { Window = SlidingWindow.OwnSize, Flip = true, Scales = [0.5, 2] });
        Assert.Equal(
            expected.ConfusionMatrix.SelectMany(row => row),
            json.RootElement.GetProperty("confusion_matrix").EnumerateArray().SelectMany(row => row.EnumerateArray().Select(count => count.GetInt64())));
        Assert.Equal("""{"window":"own_size","overlap":0.5,"flip":true,"scales":[0.5,2]}""", JsonSerializer.Serialize(json.RootElement.GetProperty("inference")));
        Assert.NotEqual(expected.ConfusionMatrix.SelectMany(row => row), Measure(VocSplit.Val).ConfusionMatrix.SelectMany(row => row));
    }

    [Theory]
    [InlineData("0.5")]
    [InlineData("0.25")]
    public async Task Evaluate_OverlapOfNoWindows_IsBadUsage(string overlap)
    {
        var run = await SamSeg.RunAsync("evaluate", "--model", _model, "--data", _voc, "--classes", _classes, "--overlap", overlap);

        Assert.Equal(2, run.Code);
        Assert.Contains("--overlap: prediction.overlap: expected windows that overlap, by --window or by --scales above 1, found none", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_FileOfAllDefaults_IsNotTakenForAskingOverlap()
    {
        var config = _folder.Write("all.yaml", "prediction: { window: off, overlap: 0.5 }\n");

        Assert.Equal(0, (await SamSeg.RunAsync("evaluate", "--config", config, "--model", _model, "--data", _voc, "--classes", _classes)).Code);
    }

    [Fact]
    public async Task Evaluate_Report_ShowsTheTableAndAsManyImagesAsAsked()
    {
        var page = _folder.PathOf("pages/evaluation.html");

        var run = await SamSeg.RunAsync("evaluate", "--model", _model, "--data", _voc, "--classes", _classes, "--report", page, "--report-images", "1");

        Assert.Equal((0, ""), (run.Code, run.Error));
        var html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        var expected = Measure(VocSplit.Val);
        Assert.All(expected.PerClass, one => Assert.Contains(
            FormattableString.Invariant($"<td data-v=\"{one.IoU:R}\">{one.IoU:F4}"), html, StringComparison.Ordinal));
        Assert.Equal(2, html.Split("<figcaption data-id=\"v").Length - 1); // one of the worst, one of the best
        Assert.Contains("<dt>window</dt><dd>Off</dd>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_ReportImagesWithoutReport_IsBadUsage()
    {
        var run = await SamSeg.RunAsync("evaluate", "--model", _model, "--data", _voc, "--classes", _classes, "--report-images", "1");

        Assert.Equal(2, run.Code);
        Assert.Contains("--report-images: run.report_images: expected --report FILE with it, found none", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_FoldersWithoutClasses_TakesTheModels()
    {
        var run = await SamSeg.RunAsync(
            "evaluate", "--model", _model, "--images", Path.Combine(_voc, "JPEGImages"), "--masks", Path.Combine(_voc, "SegmentationClass"), "--split", "train");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("dataset     6 image(s)", run.Output, StringComparison.Ordinal);
        Assert.Contains("2  blue", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_VocByAModelOfOtherClasses_SaysBoth()
    {
        var run = await SamSeg.RunAsync("evaluate", "--model", _model, "--data", _voc);

        Assert.Equal(1, run.Code);
        Assert.Contains(
            "expected the model's 3 classes (ground, red, blue), found 21 classes (background, aeroplane, bicycle, bird, …); --classes FILE names other classes than VOC's",
            run.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_ClassesOfOtherNames_Warns()
    {
        var classes = _folder.Write("other.txt", "ground\nrouge\nblue\n");

        var run = await SamSeg.RunAsync("evaluate", "--model", _model, "--data", _voc, "--classes", classes);

        Assert.Equal(0, run.Code);
        Assert.Contains("class 1 is 'rouge' in", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_BadSample_FailsOrIsSkippedAndListed()
    {
        File.Delete(Path.Combine(_voc, "SegmentationClass", "v1.png"));
        string[] args = ["evaluate", "--model", _model, "--data", _voc, "--classes", _classes];

        var failed = await SamSeg.RunAsync(args);
        var skipped = await SamSeg.RunAsync([.. args, "--bad-samples", "skip", "--max-skipped", "0.5"]);

        Assert.Equal(1, failed.Code);
        Assert.Contains("v1.png: the mask is missing", failed.Error, StringComparison.Ordinal);
        Assert.Equal(0, skipped.Code);
        Assert.Contains("samseg: skipped v1: ", skipped.Error, StringComparison.Ordinal);
        Assert.Contains("dataset     1 image(s), 1 skipped", skipped.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_UnknownPreprocessing_SaysWhatIsKnown()
    {
        var (path, info) = (_folder.PathOf("odd.safetensors"), (SavedModelInfo?)null);
        using (var model = SegmentationModel.Load(_model))
        {
            info = model.Info with { Preprocessing = "Warp" };
            SamCheckpoint.SaveModel(model.Network, path, info);
        }

        var run = await SamSeg.RunAsync("evaluate", "--model", path, "--data", _voc, "--classes", _classes);

        Assert.Equal(1, run.Code);
        Assert.Contains("'Warp'", run.Error, StringComparison.Ordinal);
        Assert.Contains("Sam", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no model: expected --model FILE", "evaluate", "--data", "x")]
    [InlineData("no dataset: expected --data DIR", "evaluate", "--model", "x")]
    [InlineData("dataset.images: expected dataset.masks with it, found none", "evaluate", "--model", "x", "--images", "y")]
    [InlineData("--val-masks: dataset.val_masks: expected dataset.val_images with it, found none", "evaluate", "--model", "x", "--val-masks", "y")]
    [InlineData("--images: dataset.images: expected either this or dataset.voc, found both; dataset.voc is 'z'", "evaluate", "--model", "x", "--images", "y", "--masks", "y", "--data", "z")]
    public async Task Evaluate_HalfOfWhatItNeeds_IsBadUsage(string expected, params string[] args)
    {
        var run = await SamSeg.RunAsync(args);

        Assert.Equal(2, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no validation images", "--split", "val")]
    [InlineData("trainval is a list of VOC's", "--split", "trainval")]
    public async Task Evaluate_FoldersThatAreNotThere_IsBadUsage(string expected, params string[] args)
    {
        var run = await SamSeg.RunAsync([
            "evaluate", "--model", _model, "--images", Path.Combine(_voc, "JPEGImages"), "--masks", Path.Combine(_voc, "SegmentationClass"), .. args]);

        Assert.Equal(2, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    // In batches of the same size: the order of a sum, and with it the last digit of a logit, depends on it.
    private SegmentationMetrics Measure(VocSplit split, InferenceOptions? inference = null, int batchSize = 1)
    {
        var classes = ClassList.Load(_classes);
        using var model = SegmentationModel.Load(_model);
        var predictor = new SegmentationPredictor(model.Network, Preprocessing.Sam) { Inference = inference ?? InferenceOptions.Default, BatchSize = batchSize };
        var matrix = new ConfusionMatrix(3);
        foreach (var (sample, prediction) in predictor.Predict(SegmentationDataset.OpenVoc(_voc, split, classes).Read(), sample => sample.Image, default))
            matrix.Add(sample.Label.Ids, prediction.Labels.Ids);
        return matrix.ToMetrics(classes.Names);
    }
}
