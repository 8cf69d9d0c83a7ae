using System.Text.Json;
using SamSegmentation.Cli.Commands;
using SamSegmentation.ML.Checkpoints;
using Xunit;

namespace SamSegmentation.Cli.Tests.Commands;

public sealed class TrainCommandTests : IDisposable
{
    private readonly TinyTraining _training = new();

    public void Dispose() => _training.Dispose();

    [Fact]
    public async Task Train_FromSamsFile_ThenEvaluatePredictAndInspect_AgreeWithEachOther()
    {
        var sam = _training.Sam;

        var trained = await _training.TrainAsync("--checkpoint", sam, "--seed", "3");

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
        var model = _training.Written("model.safetensors");
        var evaluated = await _training.EvaluateAsync("--model", model);
        Assert.Equal((0, ""), (evaluated.Code, evaluated.Error));
        Assert.Contains(TinyTraining.Table(evaluated), trained.Output, StringComparison.Ordinal);

        // The best checkpoint, which holds the decoder alone, is the same model with SAM's encoder.
        var best = _training.Written("best.safetensors");
        var again = await _training.EvaluateAsync("--model", best, "--encoder-checkpoint", sam);
        Assert.Equal(TinyTraining.Table(evaluated), TinyTraining.Table(again));

        var predicted = await SamSeg.RunAsync("predict", Path.Combine(_training.Voc, "JPEGImages"), "--model", model, "--output", _training.Folder.PathOf("out"));
        Assert.Equal((0, ""), (predicted.Code, predicted.Error));
        Assert.Equal(6, Directory.GetFiles(_training.Folder.PathOf("out/color")).Length);

        var inspected = await SamSeg.RunAsync("inspect", best);
        Assert.Contains("classes        3: ground, red, blue", inspected.Output, StringComparison.Ordinal);
        Assert.Contains("parts          mask_decoder., prompt_encoder.; without the image encoder ", inspected.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_DecoderAloneAndNoOrAnotherEncoder_IsRefused()
    {
        var sam = _training.Sam;
        await _training.TrainAsync("--checkpoint", sam);
        var other = TinyNetwork.WriteSam(_training.Folder, "other.safetensors", seed: 8);
        var last = _training.Written("last.safetensors");

        var without = await _training.EvaluateAsync("--model", last);
        var with = await _training.EvaluateAsync("--model", last, "--encoder-checkpoint", other);

        Assert.Equal((1, 1), (without.Code, with.Code));
        Assert.Contains("give the checkpoint of the image encoder", without.Error, StringComparison.Ordinal);
        Assert.Contains($"that of '{other}' is ", with.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_AfterEmbed_FindsTheEmbeddingsThere()
    {
        var sam = _training.Sam;
        var cache = _training.Folder.PathOf("cache");
        var embedded = await SamSeg.RunAsync(["embed", "--config", _training.Config, .. _training.Data, "--checkpoint", sam, "--cache-folder", cache]);
        Assert.Equal((0, ""), (embedded.Code, embedded.Error));
        var entries = Directory.GetFiles(cache, "*.safetensors", SearchOption.AllDirectories);
        Assert.Equal(6, entries.Length);
        // An entry that is written again is not read-only any more.
        Array.ForEach(entries, entry => File.SetAttributes(entry, FileAttributes.ReadOnly));

        var trained = await _training.TrainAsync("--checkpoint", sam, "--cache-folder", cache);

        Assert.Equal((0, ""), (trained.Code, trained.Error));
        Assert.All(entries, entry => Assert.True(File.GetAttributes(entry).HasFlag(FileAttributes.ReadOnly), entry));
        Array.ForEach(entries, entry => File.SetAttributes(entry, FileAttributes.Normal));
    }

    [Fact]
    public async Task Train_FromScratch_DependsOnTheSeedAlone()
    {
        string[] args = ["--train", "everything", "--flip-probability", "0.5", "--epochs", "1"];

        var first = await _training.TrainAsync([.. args, "--run-folder", _training.Folder.PathOf("a")]);
        var same = await _training.TrainAsync([.. args, "--run-folder", _training.Folder.PathOf("b")]);
        var other = await _training.TrainAsync([.. args, "--run-folder", _training.Folder.PathOf("c"), "--seed", "1"]);

        Assert.Equal((0, ""), (first.Code, first.Error));
        Assert.Contains("3 classes, random weights", first.Output, StringComparison.Ordinal);
        Assert.Equal(EpochLines(first), EpochLines(same));
        Assert.NotEqual(EpochLines(first), EpochLines(other));
    }

    [Fact]
    public async Task Train_OptionsFromFileAndCommandLine_ReachTheRun()
    {
        var run = await _training.TrainAsync(
            "--schedule", "poly", "--power", "2", "--optimizer", "sgd", "--nesterov", "--part", "mask_decoder.transformer:learning_rate=0.5", "--validate-every", "2", "--save-model", "false");

        Assert.Equal((0, ""), (run.Code, run.Error));
        using var json = JsonDocument.Parse(File.ReadAllText(_training.Written("options.json")));
        var options = json.RootElement;
        Assert.Equal(3, options.GetProperty("BatchSize").GetInt32());
        Assert.Equal("Float32", options.GetProperty("EmbeddingDType").GetString());
        Assert.Equal("Sgd", options.GetProperty("Optimizer").GetString());
        Assert.True(options.GetProperty("Nesterov").GetBoolean());
        Assert.Equal(2, options.GetProperty("Schedule").GetProperty("Power").GetDouble());
        Assert.Equal(0.5, options.GetProperty("Parts").GetProperty("mask_decoder.transformer").GetProperty("LearningRate").GetDouble());
        Assert.DoesNotContain("val mIoU", EpochLines(run)[0], StringComparison.Ordinal);
        Assert.Contains("val mIoU", EpochLines(run)[1], StringComparison.Ordinal);
        Assert.False(File.Exists(_training.Written("model.safetensors")));
    }

    [Fact]
    public async Task Train_FoldersWithSuffixes_PairsThem()
    {
        for (var i = 0; i < 3; i++)
            TinyScenes.Write(_training.Folder.PathOf($"mine/{i}.jpg"), _training.Folder.PathOf($"mine/{i}_mask.png"), i);

        var run = await SamSeg.RunAsync(
            "train", "--config", _training.Config, "--images", _training.Folder.PathOf("mine"), "--masks", _training.Folder.PathOf("mine"), "--mask-suffix", "_mask.png",
            "--image-suffixes", ".jpg", "--classes", _training.Classes, "--run-folder", _training.Run, "--epochs", "1");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("training    3 image(s)", run.Output, StringComparison.Ordinal);
        Assert.Contains("validation  none", run.Output, StringComparison.Ordinal);
        Assert.Contains("epoch 1: training", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_FromAModelOfOtherClasses_StartsTheHypernetworksAnew()
    {
        var model = TinyNetwork.WriteModel(_training.Folder, "five.safetensors", "a", "b", "c", "d", "e");

        var run = await _training.TrainAsync("--checkpoint", model, "--epochs", "1");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains($"from {model}; it has 5 classes, so all hypernetworks start from random weights", run.Output, StringComparison.Ordinal);
        using var trained = SegmentationModel.Load(_training.Written("model.safetensors"));
        Assert.Equal(["ground", "red", "blue"], trained.Info.ClassNames);
    }

    [Fact]
    public async Task Train_FromACheckpointWithoutEncoder_NeedsTheEncoder()
    {
        var sam = _training.Sam;
        await _training.TrainAsync("--checkpoint", sam);
        var last = _training.Written("last.safetensors");

        var without = await _training.TrainAsync("--checkpoint", last, "--run-folder", _training.Folder.PathOf("second"));
        var with = await _training.TrainAsync("--checkpoint", last, "--encoder-checkpoint", sam, "--run-folder", _training.Folder.PathOf("third"));

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
            ["train", "--config", _training.Config, .. _training.Data, "--run-folder", _training.Run, "--epochs", "100"],
            CommandOutput.Plain(output, error),
            cancellation.Token);

        Assert.Equal(130, code);
        Assert.Matches("samseg: cancelled after [4-6] step", error.ToString());
        Assert.Contains("last.safetensors", output.ToString(), StringComparison.Ordinal);
        using var last = Checkpoint.Open(_training.Written("last.safetensors"));
        Assert.NotNull(SamCheckpoint.ReadInfo(last));
    }

    [Fact]
    public async Task Train_BadSampleToSkip_IsListedAndLeftOut()
    {
        _training.Folder.Write("voc/JPEGImages/t1.jpg", "no image at all");

        var run = await _training.TrainAsync("--bad-samples", "skip", "--max-skipped", "0.25", "--epochs", "1");

        Assert.Equal(0, run.Code);
        Assert.StartsWith("samseg: skipped t1: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("training    3 image(s), 1 skipped", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--seed", "-5")]
    [InlineData("--seed=-5")]
    public async Task Train_NegativeSeed_IsAValueAndNoOption(params string[] args)
    {
        var run = await _training.TrainAsync(["--epochs", "1", .. args]);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("\"Seed\": -5", File.ReadAllText(_training.Written("options.json")), StringComparison.Ordinal);
    }

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
