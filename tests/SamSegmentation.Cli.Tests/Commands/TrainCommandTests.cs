using System.Text.Json;
using SamSegmentation.Cli.Commands;
using SamSegmentation.ML.Checkpoints;
using Xunit;

namespace SamSegmentation.Cli.Tests.Commands;

public sealed class TrainCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _voc;
    private readonly string _classes;
    private readonly string _config;

    public TrainCommandTests()
    {
        _voc = TinyScenes.Voc(_folder);
        _classes = _folder.Write("classes.txt", TinyScenes.ClassNames);
        _config = _folder.Write("train.yaml", TinyNetwork.Yaml + """
            training:
              epochs: 2
              batch_size: 3
              schedule: { warmup_steps: 0 }
            embeddings: { dtype: float32 }

            """);
    }

    private string Run => _folder.PathOf("run");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Train_FromSamsFile_ThenEvaluatePredictAndInspect_AgreeWithEachOther()
    {
        var sam = TinyNetwork.WriteSam(_folder, "sam.safetensors");

        var trained = await Train("--checkpoint", sam, "--seed", "3");

        Assert.Equal((0, ""), (trained.Code, trained.Error));
        Assert.Contains($"network     custom (32 px, patch 8, 2 blocks of width 16, embedding 16), 3 classes, from {sam}", trained.Output, StringComparison.Ordinal);
        Assert.Contains("training    4 image(s)", trained.Output, StringComparison.Ordinal);
        Assert.Contains("validation  2 image(s)", trained.Output, StringComparison.Ordinal);
        Assert.Matches(@"epoch 1/2  loss 0\.\d{4}  lr 2\.56e-04  train mIoU 0\.\d{4}  val loss 0\.\d{4}  val mIoU 0\.\d{4}  best", trained.Output);
        Assert.Contains("epoch 2/2  loss ", trained.Output, StringComparison.Ordinal);
        Assert.All(
            new[] { "best.safetensors", "last.safetensors", "model.safetensors", "options.json", "log.jsonl", "events.out.tfevents" },
            file => Assert.Contains($"  {file}", trained.Output, StringComparison.Ordinal));

        // The table that training ended with is what evaluate measures of the model that it wrote.
        var model = Path.Combine(Run, "model.safetensors");
        var evaluated = await SamSeg.RunAsync("evaluate", "--model", model, "--data", _voc, "--classes", _classes);
        Assert.Equal((0, ""), (evaluated.Code, evaluated.Error));
        Assert.Contains(Table(evaluated), trained.Output, StringComparison.Ordinal);

        // The best checkpoint, which holds the decoder alone, is the same model with SAM's encoder.
        var best = Path.Combine(Run, "best.safetensors");
        var again = await SamSeg.RunAsync("evaluate", "--model", best, "--encoder-checkpoint", sam, "--data", _voc, "--classes", _classes);
        Assert.Equal(Table(evaluated), Table(again));

        var predicted = await SamSeg.RunAsync("predict", Path.Combine(_voc, "JPEGImages"), "--model", model, "--output", _folder.PathOf("out"));
        Assert.Equal((0, ""), (predicted.Code, predicted.Error));
        Assert.Equal(6, Directory.GetFiles(_folder.PathOf("out/color")).Length);

        var inspected = await SamSeg.RunAsync("inspect", best);
        Assert.Contains("classes        3: ground, red, blue", inspected.Output, StringComparison.Ordinal);
        Assert.Contains("parts          mask_decoder., prompt_encoder.; without the image encoder ", inspected.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_DecoderAloneAndNoOrAnotherEncoder_IsRefused()
    {
        var sam = TinyNetwork.WriteSam(_folder, "sam.safetensors");
        await Train("--checkpoint", sam);
        var other = TinyNetwork.WriteSam(_folder, "other.safetensors", seed: 8);
        string[] evaluate = ["evaluate", "--model", Path.Combine(Run, "last.safetensors"), "--data", _voc, "--classes", _classes];

        var without = await SamSeg.RunAsync(evaluate);
        var with = await SamSeg.RunAsync([.. evaluate, "--encoder-checkpoint", other]);

        Assert.Equal((1, 1), (without.Code, with.Code));
        Assert.Contains("give the checkpoint of the image encoder", without.Error, StringComparison.Ordinal);
        Assert.Contains($"that of '{other}' is ", with.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_AfterEmbed_FindsTheEmbeddingsThere()
    {
        var sam = TinyNetwork.WriteSam(_folder, "sam.safetensors");
        var cache = _folder.PathOf("cache");
        var embedded = await SamSeg.RunAsync(
            "embed", "--config", _config, "--data", _voc, "--classes", _classes, "--checkpoint", sam, "--cache-folder", cache);
        Assert.Equal((0, ""), (embedded.Code, embedded.Error));
        var entries = Directory.GetFiles(cache, "*.safetensors", SearchOption.AllDirectories);
        Assert.Equal(6, entries.Length);
        // An entry that is written again is not read-only any more.
        Array.ForEach(entries, entry => File.SetAttributes(entry, FileAttributes.ReadOnly));

        var trained = await Train("--checkpoint", sam, "--cache-folder", cache);

        Assert.Equal((0, ""), (trained.Code, trained.Error));
        Assert.All(entries, entry => Assert.True(File.GetAttributes(entry).HasFlag(FileAttributes.ReadOnly), entry));
        Array.ForEach(entries, entry => File.SetAttributes(entry, FileAttributes.Normal));
    }

    [Fact]
    public async Task Train_FromScratch_DependsOnTheSeedAlone()
    {
        string[] args = ["--train", "everything", "--flip-probability", "0.5", "--epochs", "1"];

        var first = await Train([.. args, "--run-folder", _folder.PathOf("a")]);
        var same = await Train([.. args, "--run-folder", _folder.PathOf("b")]);
        var other = await Train([.. args, "--run-folder", _folder.PathOf("c"), "--seed", "1"]);

        Assert.Equal((0, ""), (first.Code, first.Error));
        Assert.Contains("3 classes, random weights", first.Output, StringComparison.Ordinal);
        Assert.Equal(EpochLines(first), EpochLines(same));
        Assert.NotEqual(EpochLines(first), EpochLines(other));
    }

    [Fact]
    public async Task Train_OptionsFromFileAndCommandLine_ReachTheRun()
    {
        var run = await Train(
            "--schedule", "poly", "--power", "2", "--optimizer", "sgd", "--nesterov", "--part", "mask_decoder.transformer:learning_rate=0.5", "--validate-every", "2", "--save-model", "false");

        Assert.Equal((0, ""), (run.Code, run.Error));
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Run, "options.json")));
        var options = json.RootElement;
        Assert.Equal(3, options.GetProperty("BatchSize").GetInt32());
        Assert.Equal("Float32", options.GetProperty("EmbeddingDType").GetString());
        Assert.Equal("Sgd", options.GetProperty("Optimizer").GetString());
        Assert.True(options.GetProperty("Nesterov").GetBoolean());
        Assert.Equal(2, options.GetProperty("Schedule").GetProperty("Power").GetDouble());
        Assert.Equal(0.5, options.GetProperty("Parts").GetProperty("mask_decoder.transformer").GetProperty("LearningRate").GetDouble());
        Assert.DoesNotContain("val mIoU", EpochLines(run)[0], StringComparison.Ordinal);
        Assert.Contains("val mIoU", EpochLines(run)[1], StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Run, "model.safetensors")));
    }

    [Fact]
    public async Task Train_FoldersWithSuffixes_PairsThem()
    {
        for (var i = 0; i < 3; i++)
            TinyScenes.Write(_folder.PathOf($"mine/{i}.jpg"), _folder.PathOf($"mine/{i}_mask.png"), i);

        var run = await SamSeg.RunAsync(
            "train", "--config", _config, "--images", _folder.PathOf("mine"), "--masks", _folder.PathOf("mine"), "--mask-suffix", "_mask.png",
            "--image-suffixes", ".jpg", "--classes", _classes, "--run-folder", Run, "--epochs", "1");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("training    3 image(s)", run.Output, StringComparison.Ordinal);
        Assert.Contains("validation  none", run.Output, StringComparison.Ordinal);
        Assert.Contains("epoch 1: training", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_FromAModelOfOtherClasses_StartsTheHypernetworksAnew()
    {
        var model = TinyNetwork.WriteModel(_folder, "five.safetensors", "a", "b", "c", "d", "e");

        var run = await Train("--checkpoint", model, "--epochs", "1");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains($"from {model}; it has 5 classes, so all hypernetworks start from random weights", run.Output, StringComparison.Ordinal);
        using var trained = SegmentationModel.Load(Path.Combine(Run, "model.safetensors"));
        Assert.Equal(["ground", "red", "blue"], trained.Info.ClassNames);
    }

    [Fact]
    public async Task Train_FromACheckpointWithoutEncoder_NeedsTheEncoder()
    {
        var sam = TinyNetwork.WriteSam(_folder, "sam.safetensors");
        await Train("--checkpoint", sam);
        var last = Path.Combine(Run, "last.safetensors");

        var without = await Train("--checkpoint", last, "--run-folder", _folder.PathOf("second"));
        var with = await Train("--checkpoint", last, "--encoder-checkpoint", sam, "--run-folder", _folder.PathOf("third"));

        Assert.Equal(2, without.Code);
        Assert.Contains("has no image encoder; expected --encoder-checkpoint FILE", without.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (with.Code, with.Error));
    }

    [Fact]
    public async Task Train_CancelledAfterAnEpoch_KeepsTheLastCheckpointAndEndsWith130()
    {
        using var cancellation = new CancellationTokenSource();
        using var output = new CancellingWriter(cancellation, "epoch   2/");
        using var error = new StringWriter();

        var code = await SamSegCommandLine.RunAsync(
            ["train", "--config", _config, "--data", _voc, "--classes", _classes, "--run-folder", Run, "--epochs", "100"],
            CommandOutput.Plain(output, error),
            cancellation.Token);

        Assert.Equal(130, code);
        Assert.Matches("samseg: cancelled after [4-6] step", error.ToString());
        Assert.Contains("last.safetensors", output.ToString(), StringComparison.Ordinal);
        using var last = Checkpoint.Open(Path.Combine(Run, "last.safetensors"));
        Assert.NotNull(SamCheckpoint.ReadInfo(last));
    }

    [Theory]
    [InlineData("training.optimizer.parts: [mask_decoder.nothing]", "--part", "mask_decoder.nothing:learning_rate=1")]
    [InlineData("--momentum: training.optimizer.momentum: belongs to Sgd", "--momentum", "0.5")]
    [InlineData("--epochs: training.epochs: expected an integer of at least 1, found '0'", "--epochs", "0")]
    [InlineData("--device: run.device: 'gpu' is not a device", "--device", "gpu")]
    [InlineData("model.network: EncoderDim is 17; it must be a multiple of 2", "--encoder-dim", "17")]
    public async Task Train_SettingsThatCannotBeUsed_AreBadUsage(string expected, params string[] args)
    {
        var run = await Train(args);

        Assert.Equal(2, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Run, "options.json")));
    }

    [Fact]
    public async Task Train_ManyMistakesInAFile_AreAllReportedWithTheirLines()
    {
        var config = _folder.Write("bad.yaml", "training:\n  epoch: 3\n  batch_size: none\nrunn:\n  seed: 1\n");

        var run = await SamSeg.RunAsync("train", "--config", config, "--data", _voc);

        Assert.Equal(2, run.Code);
        Assert.Equal(
            [
                $"samseg: {config}:2:3: training.epoch: unknown key (did you mean 'epochs'?)",
                $"samseg: {config}:3:15: training.batch_size: expected an integer of at least 1, found 'none'",
                $"samseg: {config}:4:1: runn: unknown key (did you mean 'run'?)",
                "See: samseg train --help",
            ],
            run.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Train_NoNetwork_IsBadUsage()
    {
        var run = await SamSeg.RunAsync("train", "--data", _voc);

        Assert.Equal(2, run.Code);
        Assert.Contains("no network: expected --checkpoint FILE", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_FoldersWithoutClasses_IsBadUsage()
    {
        var run = await SamSeg.RunAsync("train", "--config", _config, "--images", _voc, "--masks", _voc);

        Assert.Equal(2, run.Code);
        Assert.Contains("no classes: expected --classes FILE", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_MasksOfOtherClasses_AreListed()
    {
        var run = await SamSeg.RunAsync("train", "--config", _config, "--data", _voc, "--classes", _folder.Write("two.txt", "ground\nred\n"), "--run-folder", Run);

        Assert.Equal(1, run.Code);
        Assert.Contains("train.txt: 4 of 4 samples cannot be used", run.Error, StringComparison.Ordinal);
        Assert.Contains("has id 2; expected 0 to 1 or 255 for void", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_BadSampleToSkip_IsListedAndLeftOut()
    {
        _folder.Write("voc/JPEGImages/t1.jpg", "no image at all");

        var run = await Train("--bad-samples", "skip", "--max-skipped", "0.25", "--epochs", "1");

        Assert.Equal(0, run.Code);
        Assert.StartsWith("samseg: skipped t1: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("training    3 image(s), 1 skipped", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_RunFolderThatHoldsARun_IsRefused()
    {
        await Train("--epochs", "1");

        var run = await Train("--epochs", "1");

        Assert.Equal(1, run.Code);
        Assert.Contains("holds a run already", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_RunFolderThatIsAFile_NamesIt()
    {
        var run = await Train("--run-folder", _classes);

        Assert.Equal(1, run.Code);
        Assert.Contains(_classes, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_NetworkThatNoMemoryHolds_IsOneLineOfLibtorchs()
    {
        var run = await Train("--image-size", "1048576");

        Assert.Equal(1, run.Code);
        Assert.StartsWith("samseg: libtorch: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("memory", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("--seed", "-5")]
    [InlineData("--seed=-5")]
    public async Task Train_NegativeSeed_IsAValueAndNoOption(params string[] args)
    {
        var run = await Train(["--epochs", "1", .. args]);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("\"Seed\": -5", File.ReadAllText(Path.Combine(Run, "options.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_FolderThatIsNoVoc_SaysWhatIsExpected()
    {
        var run = await SamSeg.RunAsync("train", "--config", _config, "--data", _folder.PathOf("voc/JPEGImages"), "--run-folder", Run);

        Assert.Equal(1, run.Code);
        Assert.Contains("no VOC2012 folder: expected ", run.Error, StringComparison.Ordinal);
    }

    // The last value of an option holds for a test that gives its own run folder.
    private Task<SamSeg> Train(params string[] args) => SamSeg.RunAsync([
        "train", "--config", _config, "--data", _voc, "--classes", _classes, .. args.Contains("--run-folder") ? Array.Empty<string>() : ["--run-folder", Run], .. args]);

    private static string Table(SamSeg run) => run.Output[run.Output.IndexOf("id  class", StringComparison.Ordinal)..];

    private static IReadOnlyList<string> EpochLines(SamSeg run) =>
        [.. run.Output.Split(Environment.NewLine).Where(line => line.StartsWith("epoch ", StringComparison.Ordinal) && line.Contains('/', StringComparison.Ordinal))];

    // Cancels as soon as a line begins in a certain way, as a user might who reads along.
    private sealed class CancellingWriter(CancellationTokenSource cancellation, string line) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.StartsWith(line, StringComparison.Ordinal) == true)
                cancellation.Cancel();
        }
    }
}
