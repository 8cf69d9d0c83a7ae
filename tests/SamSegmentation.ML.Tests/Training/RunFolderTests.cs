using System.Text.Json;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Tests.Checkpoints;
using SamSegmentation.ML.Tests.Training.Logging;
using SamSegmentation.ML.Training;
using TorchSharp;
using Xunit;

namespace SamSegmentation.ML.Tests.Training;

/// <summary>What a run leaves in its folder.</summary>
public sealed class RunFolderTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SemanticSam _model = TinyNetwork.Create();

    private string Run => Path.Combine(_folder.Root, "runs", "first");

    private TrainingOptions Options => TinyRun.Options with { RunFolder = Run, LogEvery = 3, ImagesLogged = 2, Epochs = 3 };

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Train_WithFolder_WritesEveryFile()
    {
        var result = TinyRun.Train(_model, Options, validation: TinyRun.ValidationSet);

        string[] files = [.. Directory.GetFiles(Run).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        Assert.Equal(8, files.Length);
        Assert.StartsWith("events.out.tfevents.", files[1], StringComparison.Ordinal);
        Assert.Equal(["best.safetensors", "images.json", "last.safetensors", "log.jsonl", "model.safetensors", "options.json", "report.html"], files.Where((_, i) => i != 1));
        Assert.Equal(Path.Combine(Run, "model.safetensors"), result.ModelPath);
        var options = JsonDocument.Parse(File.ReadAllText(Path.Combine(Run, "options.json"))).RootElement;
        Assert.Equal(3, options.GetProperty("Epochs").GetInt32());
        Assert.Equal("AdamW", options.GetProperty("Optimizer").GetString());
        Assert.Equal("constant", options.GetProperty("Schedule").GetProperty("name").GetString());
    }

    [Fact]
    public void Train_WithoutSaveModelOrValidation_WritesTheLastCheckpointAlone()
    {
        var result = TinyRun.Train(_model, Options with { SaveModel = false });

        Assert.Null(result.ModelPath);
        Assert.Null(result.BestEpoch);
        Assert.Equal([Path.Combine(Run, "last.safetensors")], Directory.GetFiles(Run, "*.safetensors"));
    }

    [Fact]
    public void Train_WholeModel_LoadsAndPredictsAsTheNetwork()
    {
        var result = TinyRun.Train(_model, Options, validation: TinyRun.ValidationSet);

        using var loaded = SegmentationModel.Load(result.ModelPath!);

        Assert.Equal(MiniNetwork.Bytes(_model), MiniNetwork.Bytes(loaded.Network));
        Assert.Equal(TinyRun.Classes, loaded.Info.ClassNames);
        Assert.Equal(nameof(Preprocessing.Sam), loaded.Info.Preprocessing);
        Assert.Equal($"{result.BestEpoch}", loaded.Info.Notes["epoch"]);
    }

    [Fact]
    public void Train_Checkpoint_HoldsTheDecoderAndNamesItsEncoder()
    {
        TinyRun.Train(_model, Options);
        using var encoder = TinyNetwork.Create(classes: 4);
        SamCheckpoint.SaveModel(encoder, _folder.PathOf("start"), new SavedModelInfo { Config = TinyNetwork.Config, ClassNames = ["a", "b", "c", "d"], Preprocessing = "Sam" });

        using var loaded = SegmentationModel.Load(Path.Combine(Run, "last.safetensors"), _folder.PathOf("start"));

        Assert.Equal(MiniNetwork.Bytes(_model), MiniNetwork.Bytes(loaded.Network));
        using var file = Checkpoint.Open(Path.Combine(Run, "last.safetensors"));
        Assert.DoesNotContain(file.Entries.Keys, name => name.StartsWith("image_encoder.", StringComparison.Ordinal));
        Assert.Equal(WeightsHash.Compute(_model.image_encoder), loaded.Info.EncoderHash);
        Assert.Equal(("3", "6"), (loaded.Info.Notes["epoch"], loaded.Info.Notes["step"]));
    }

    [Fact]
    public void Train_Everything_WritesWholeCheckpoints()
    {
        TinyRun.Train(_model, Options with { Trained = TrainedParts.Everything });

        using var loaded = SegmentationModel.Load(Path.Combine(Run, "last.safetensors"));

        Assert.Equal(MiniNetwork.Bytes(_model), MiniNetwork.Bytes(loaded.Network));
        Assert.Null(loaded.Info.EncoderHash);
    }

    [Fact]
    public void Train_Log_TellsStartStepsEpochsAndEnd()
    {
        var result = TinyRun.Train(_model, Options, validation: TinyRun.ValidationSet);

        var lines = File.ReadLines(Path.Combine(Run, "log.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(["start", "step", "epoch", "step", "epoch", "epoch", "end"], lines.Select(line => line.GetProperty("event").GetString()));
        Assert.Equal(3, lines[0].GetProperty("options").GetProperty("epochs").GetInt32());
        Assert.Equal(TinyRun.Classes, lines[0].GetProperty("classes").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(8, lines[0].GetProperty("training").GetProperty("images").GetInt32());
        Assert.Equal([1, 4], lines.Where(line => line.GetProperty("event").GetString() == "step").Select(line => line.GetProperty("step").GetInt32()));
        var epoch = lines[2];
        Assert.Equal(result.Epochs[0].TrainingLoss, epoch.GetProperty("trainingLoss").GetDouble());
        Assert.Equal(result.Epochs[0].Validation!.MeanIoU, epoch.GetProperty("validation").GetProperty("meanIoU").GetDouble());
        Assert.Equal(result.Epochs[0].Validation!.PerClassIoU[2], epoch.GetProperty("validation").GetProperty("perClassIoU").GetProperty("green").GetDouble());
    }

    [Fact]
    public void Train_Events_HoldCurvesAndPictures()
    {
        var result = TinyRun.Train(_model, Options, validation: TinyRun.ValidationSet);

        var values = EventFileReader.Read(Assert.Single(Directory.GetFiles(Run, "events.out.tfevents.*")))
            .Where(entry => entry.Fields.Contains(5))
            .Select(entry => (Step: entry.Integer(2), Value: entry.Message(5).Message(1)))
            .ToLookup(pair => pair.Value.Text(1));
        Assert.Equal([1, 4], values["train/loss"].Select(pair => pair.Step));
        Assert.Equal([1, 4], values["train/lr"].Select(pair => pair.Step));
        foreach (var tag in new[] { "train/mIoU", "train/mIoU_fg", "eval/loss", "eval/mIoU", "eval/mIoU_fg", "eval/IoU/grey", "eval/IoU/red", "eval/IoU/green" })
            Assert.Equal([2, 4, 6], values[tag].Select(pair => pair.Step));
        Assert.Equal(result.Epochs.Select(epoch => (float)epoch.Validation!.MeanIoU), values["eval/mIoU"].Select(pair => pair.Value.Single(2)));
        Assert.Equal(result.Epochs.Select(epoch => (float)epoch.ValidationLoss!), values["eval/loss"].Select(pair => pair.Value.Single(2)));
        Assert.Equal(["eval/images/scene 100", "eval/images/scene 101"], values.Select(group => group.Key).Where(tag => tag.Contains("images", StringComparison.Ordinal)).Order());
        Assert.Equal([2, 4, 6], values["eval/images/scene 100"].Select(pair => pair.Step));
        var picture = RgbImage.Decode(values["eval/images/scene 101"].Last().Value.Message(4).Bytes(4));
        Assert.Equal((40, 3 * 56), (picture.Height, picture.Width));
        var scene = TinyRun.ValidationSet[1];
        var (photo, truth) = (Columns(picture, 0), Columns(picture, 56));
        Assert.Equal(scene.Image.Pixels, photo);
        Assert.Equal(ColorMap.Voc.Colorize(scene.Label).Pixels, truth);
    }

    [Fact]
    public void Train_FolderThatHoldsARun_IsRefusedBeforeAnyImageIsRead()
    {
        TinyRun.Train(_model, Options with { Epochs = 1 });
        var before = Directory.GetFiles(Run).ToDictionary(path => path, File.ReadAllBytes);

        var error = Assert.Throws<IOException>(() => TinyRun.Train(_model, Options, TinyRun.NeverRead()));

        Assert.Contains(Run, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(Run).ToDictionary(path => path, File.ReadAllBytes));
    }

    [Fact]
    public void Train_Diverged_KeepsTheCheckpointAndLogsTheFailure()
    {
        // The second epoch's rate is beyond reason.
        var options = Options with { Optimizer = OptimizerKind.Sgd, LearningRate = 1e30, Schedule = new ML.Training.Schedules.ConstantSchedule { InitialSteps = 2, InitialFactor = 1e-33 } };

        Assert.Throws<TrainingDivergedException>(() => TinyRun.Train(_model, options));

        using var last = Checkpoint.Open(Path.Combine(Run, "last.safetensors"));
        Assert.Equal("1", SamCheckpoint.ReadInfo(last)!.Notes["epoch"]);
        Assert.All(last.Entries.Keys, name =>
        {
            using var weight = last.Read(name);
            Assert.True(weight.isfinite().all().ToBoolean(), name);
        });
        Assert.Contains("\"event\":\"failure\"", File.ReadLines(Path.Combine(Run, "log.jsonl")).Last(), StringComparison.Ordinal);
    }

    private static byte[] Columns(RgbImage image, int left)
    {
        var columns = new List<byte>();
        for (var y = 0; y < image.Height; y++)
            columns.AddRange(image.Pixels.AsSpan(3 * (y * image.Width + left), 3 * 56));
        return [.. columns];
    }
}
