using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;
using Xunit;

namespace SamSegmentation.Cli.Tests.Commands;

public sealed class PredictCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public PredictCommandTests()
    {
        TinyScenes.Voc(_folder, training: 3, validation: 1);
        _model = TinyNetwork.WriteModel(_folder, "model.safetensors", "ground", "red", "blue");
    }

    private string Photos => _folder.PathOf("voc/JPEGImages");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Predict_FilesFoldersAndPatterns_WritesEachImageOnceAtItsOwnSize()
    {
        Directory.CreateDirectory(_folder.PathOf("more/deep"));
        File.Copy(Path.Combine(Photos, "t2.jpg"), _folder.PathOf("more/deep/x.JPG"));
        _folder.Write("more/notes.txt", "no image");

        var run = await Predict(Path.Combine(Photos, "t0.jpg"), Path.Combine(Photos, "t?.jpg"), _folder.PathOf("more"), _folder.PathOf("**/JPEG*/v0.jpg"));

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("5 image(s) predicted", run.Output, StringComparison.Ordinal);
        string[] ids = ["deep/x", "t0", "t1", "t2", "v0"];
        foreach (var kind in new[] { "grey", "color", "overlay" })
            Assert.Equal(ids, Files(kind).Select(file => Path.ChangeExtension(file, null)));
        var photograph = RgbImage.Load(Path.Combine(Photos, "t2.jpg"));
        var grey = LabelMapPng.Load(_folder.PathOf("out/grey/deep/x.png"));
        Assert.Equal((photograph.Height, photograph.Width), (grey.Height, grey.Width));
        Assert.Equal(grey.Ids, LabelMapPng.Load(_folder.PathOf("out/color/deep/x.png")).Ids);
        Assert.Equal(photograph.Width, RgbImage.Load(_folder.PathOf("out/overlay/deep/x.png")).Width);
    }

    [Fact]
    public async Task Predict_PatternThatNamesAFileAndItsCopy_IsOneImage()
    {
        var run = await Predict(Path.Combine(Photos, "t0.jpg"), Path.Combine(Photos, "..", "JPEGImages", "t0.jpg"));

        Assert.Equal(0, run.Code);
        Assert.Equal(["t0.png"], Files("grey"));
    }

    [Fact]
    public async Task Predict_Probabilities_AddUpToOneAndDecideTheClass()
    {
        var run = await Predict(Path.Combine(Photos, "t0.jpg"), "--probabilities", "--pictures", "grey");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.False(Directory.Exists(_folder.PathOf("out/color")));
        using var file = Checkpoint.Open(_folder.PathOf("out/probabilities/t0.safetensors"));
        Assert.Equal("""["ground","red","blue"]""", file.Metadata["classes"]);
        using var probabilities = file.Read("probabilities");
        var grey = LabelMapPng.Load(_folder.PathOf("out/grey/t0.png"));
        Assert.Equal([3, grey.Height, grey.Width], probabilities.shape);
        using var sums = probabilities.sum([0L]);
        Assert.All(sums.data<float>().ToArray(), sum => Assert.Equal(1, sum, 1e-5f));
        using var classes = probabilities.argmax(0);
        Assert.Equal(grey.Ids.Select(id => (long)id), classes.data<long>().ToArray());
    }

    [Fact]
    public async Task Predict_SeveralPasses_WritesTheirAverage()
    {
        var run = await Predict(Path.Combine(Photos, "t0.jpg"), "--probabilities", "--window", "shorter_side", "--overlap", "0.25", "--flip", "--scales", "0.75,1.5");

        Assert.Equal((0, ""), (run.Code, run.Error));
        using var model = SegmentationModel.Load(_model);
        var expected = new SegmentationPredictor(model.Network, model.Preprocessing)
        {
            WithProbabilities = true,
            Inference = new InferenceOptions { Window = SlidingWindow.ShorterSide, Overlap = 0.25, Flip = true, Scales = [0.75, 1.5] },
        }.Predict(RgbImage.Load(Path.Combine(Photos, "t0.jpg")));
        Assert.Equal(expected.Labels.Ids, LabelMapPng.Load(_folder.PathOf("out/grey/t0.png")).Ids);
        using var file = Checkpoint.Open(_folder.PathOf("out/probabilities/t0.safetensors"));
        using var probabilities = file.Read("probabilities");
        Assert.Equal(expected.Probabilities, probabilities.data<float>().ToArray());
    }

    [Fact]
    public async Task Predict_BadInferenceOptions_AreListedAtOnce()
    {
        var run = await Predict(Photos, "--window", "large", "--overlap", "1", "--scales", "0,1,9");
        var twice = await Predict(Photos, "--scales", "1,1");

        Assert.Equal((2, 2), (run.Code, twice.Code));
        string[] expected = ["--window: prediction.window: expected one of off, shorter_side, own_size", "--overlap: prediction.overlap: expected a number in 0..0.9", "prediction.scales[0]", "prediction.scales[2]"];
        Assert.All(expected, text => Assert.Contains(text, run.Error, StringComparison.Ordinal));
        Assert.Contains("--scales: prediction.scales: has 1 2 times; each must be there once.", twice.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_BadImage_FailsAndNamesIt()
    {
        var bad = _folder.Write("voc/JPEGImages/t1.jpg", "no image at all");

        var run = await Predict(Photos);

        Assert.Equal(1, run.Code);
        Assert.Contains($"{bad}, byte 0: expected a PNG", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Predict_BadImageToSkip_GoesOnAndListsIt()
    {
        var bad = _folder.Write("voc/JPEGImages/t1.jpg", "no image at all");

        var run = await Predict(Photos, "--bad-samples", "skip", "--max-skipped", "0.25");

        Assert.Equal(0, run.Code);
        Assert.StartsWith($"samseg: skipped {bad}, byte 0: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(["t0.png", "t2.png", "v0.png"], Files("grey"));
        Assert.Contains("3 image(s) predicted", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_MoreBadImagesThanAllowed_PredictsTheOthersAndFails()
    {
        _folder.Write("voc/JPEGImages/t1.jpg", "no image at all");

        var run = await Predict(Photos, "--bad-samples", "skip");

        Assert.Equal(1, run.Code);
        Assert.Contains("1 of 4 images cannot be used; expected at most 0.05 of them", run.Error, StringComparison.Ordinal);
        Assert.Equal(["t0.png", "t2.png", "v0.png"], Files("grey"));
    }

    [Fact]
    public async Task Predict_NothingReadable_Fails()
    {
        var bad = _folder.Write("bad/a.jpg", "no image at all");

        var run = await Predict(bad, "--bad-samples", "skip", "--max-skipped", "1");

        Assert.Equal(1, run.Code);
        Assert.Contains("1 of 1 images cannot be used", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_ImageAboveTheLimit_Fails()
    {
        var run = await Predict(Photos, "--max-pixels", "100");

        Assert.Equal(1, run.Code);
        Assert.Contains("expected at most 100", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_TwoImagesOfOneName_IsRefusedBeforeAnythingIsWritten()
    {
        File.Copy(Path.Combine(Photos, "t0.jpg"), _folder.PathOf("other/T0.png"));

        var run = await Predict(Path.Combine(Photos, "t0.jpg"), _folder.PathOf("other/T0.png"));

        Assert.Equal(2, run.Code);
        Assert.Contains("would all be called 't0'", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.PathOf("out")));
    }

    [Theory]
    [InlineData("nowhere.jpg", "nowhere.jpg': no such file or folder")]
    [InlineData("x*.jpg", "x*.jpg': no file or folder fits this pattern")]
    [InlineData("empty", "empty': no images in this folder; expected .jpg, .jpeg, .png")]
    public async Task Predict_NoSuchImages_SaysWhat(string name, string expected)
    {
        Directory.CreateDirectory(_folder.PathOf("empty"));

        var run = await Predict(_folder.PathOf(name));

        Assert.Equal(1, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_JpegAsModel_SaysThatItIsNoCheckpoint()
    {
        var run = await SamSeg.RunAsync("predict", Photos, "--model", Path.Combine(Photos, "t0.jpg"), "--output", _folder.PathOf("out"));

        Assert.Equal(1, run.Code);
        Assert.Contains("t0.jpg', start of the file: FFD8FFE0", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_SamsFileAsModel_SaysThatItKnowsNoClasses()
    {
        var sam = TinyNetwork.WriteSam(_folder, "sam.safetensors");

        var run = await SamSeg.RunAsync("predict", Photos, "--model", sam, "--output", _folder.PathOf("out"));

        Assert.Equal(1, run.Code);
        Assert.Contains("SAM's promptable network, which knows no classes", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_NoModel_IsBadUsage()
    {
        var run = await SamSeg.RunAsync("predict", Photos);

        Assert.Equal(2, run.Code);
        Assert.Contains("no model: expected --model FILE", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_MissingModel_NamesIt()
    {
        var run = await SamSeg.RunAsync("predict", Photos, "--model", _folder.PathOf("none.safetensors"));

        Assert.Equal(1, run.Code);
        Assert.Contains("none.safetensors", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_NothingToWrite_IsBadUsage()
    {
        var run = await Predict(Photos, "--pictures", "none");

        Assert.Equal(2, run.Code);
        Assert.Contains("--pictures: prediction.pictures: expected a picture to write", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_OutputThatIsAFile_NamesIt()
    {
        var file = _folder.Write("taken", "");

        var run = await SamSeg.RunAsync("predict", Photos, "--model", _model, "--output", file);

        Assert.Equal(1, run.Code);
        Assert.Contains(file, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Predict_Cancelled_EndsWith130()
    {
        var run = await SamSeg.RunAsync(new CancellationToken(true), "predict", Photos, "--model", _model, "--output", _folder.PathOf("out"));

        Assert.Equal(130, run.Code);
        Assert.Contains("samseg: cancelled", run.Error, StringComparison.Ordinal);
    }

    private Task<SamSeg> Predict(params string[] args) =>
        SamSeg.RunAsync(["predict", .. args, "--model", _model, "--output", _folder.PathOf("out")]);

    private IEnumerable<string> Files(string kind)
    {
        var root = _folder.PathOf(Path.Combine("out", kind));
        return Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file)).Order(StringComparer.Ordinal);
    }
}
