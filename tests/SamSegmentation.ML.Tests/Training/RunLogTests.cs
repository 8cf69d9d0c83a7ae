using System.Text.Json;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Tests.Training.Logging;
using SamSegmentation.ML.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Training;

/// <summary>What a run's logs say beyond losses: rates of the groups, single classes, confusion, what was trained.</summary>
public sealed class RunLogTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SemanticSam _model = TinyNetwork.Create();

    private TrainingOptions Options => TinyRun.Options with { RunFolder = _folder.Root, LogEvery = 1, Epochs = 1 };

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Train_Parts_LogsTheRateOfEach()
    {
        const string Part = "mask_decoder.transformer", Kept = "mask_decoder.output_upscaling";
        var schedule = new ML.Training.Schedules.LinearSchedule { EndFactor = 0 };
        TinyRun.Train(_model, Options with
        {
            Schedule = schedule,
            Parts = new Dictionary<string, PartOverride> { [Part] = new() { LearningRate = 1e-4 }, [Kept] = new() { WeightDecay = 0 } },
        });

        var steps = Lines("step");
        var values = Values();
        foreach (var (step, i) in steps.Select((step, i) => (step, i)))
        {
            var factor = schedule.Factor(i, 2);
            Assert.Equal(3e-3 * factor, step.GetProperty("learningRate").GetDouble());
            Assert.Equal(1e-4 * factor, step.GetProperty("partLearningRates").GetProperty(Part).GetDouble());
            Assert.Equal(3e-3 * factor, step.GetProperty("partLearningRates").GetProperty(Kept).GetDouble());
            Assert.Equal((float)(1e-4 * factor), values[$"train/lr/{Part}"].ElementAt(i).Value.Single(2));
            Assert.Equal((float)(3e-3 * factor), values[$"train/lr/{Kept}"].ElementAt(i).Value.Single(2));
        }
        Assert.Equal([1, 2], values[$"train/lr/{Part}"].Select(pair => pair.Step));
    }

    [Fact]
    public void Reduced_FewerImagesAtOnce_IsALineOfItsOwn()
    {
        using (var folder = ML.Training.Runs.RunFolder.Claim(_folder.Root, resume: false))
        using (var log = new ML.Training.Runs.RunLog(folder, Options))
            log.Reduced(7, new ML.Modeling.Memory.ReducedBatch("MicroBatchSize", 8, 4, "CUDA out of memory."));

        var line = Assert.Single(Lines("memory"));
        Assert.Equal((7, 8, 4), (line.GetProperty("step").GetInt32(), line.GetProperty("from").GetInt32(), line.GetProperty("to").GetInt32()));
        Assert.Equal(("MicroBatchSize", "CUDA out of memory."), (line.GetProperty("option").GetString(), line.GetProperty("reason").GetString()));
    }

    [Fact]
    public void Train_Validated_LogsEveryClassAndTheConfusion()
    {
        var metrics = TinyRun.Train(_model, Options, validation: TinyRun.ValidationSet).Epochs[0].Validation!;

        var epoch = Assert.Single(Lines("epoch"));
        var validation = epoch.GetProperty("validation");
        for (var id = 0; id < 3; id++)
        {
            Assert.Equal(metrics.PerClassIoU[id], Value(validation.GetProperty("perClassIoU").GetProperty(TinyRun.Classes[id])));
            Assert.Equal(metrics.PerClassAccuracy[id], Value(validation.GetProperty("perClassAccuracy").GetProperty(TinyRun.Classes[id])));
            Assert.Equal(metrics.PerClassPixels[id], validation.GetProperty("perClassPixels").GetProperty(TinyRun.Classes[id]).GetInt64());
            Assert.Equal(metrics.ConfusionMatrix[id], epoch.GetProperty("confusionMatrix")[id].EnumerateArray().Select(count => count.GetInt64()));
        }
        var (step, value) = Assert.Single(Values()["eval/confusion"]);
        Assert.Equal(2, step);
        Assert.Equal(ML.Reports.Pictures.ConfusionPicture.Draw(metrics.ClassNames, metrics.ConfusionMatrix).Pixels, RgbImage.Decode(value.Message(4).Bytes(4)).Pixels);
    }

    [Fact]
    public void Train_NotValidated_LogsNoConfusion()
    {
        TinyRun.Train(_model, Options);

        Assert.Equal(JsonValueKind.Null, Assert.Single(Lines("epoch")).GetProperty("confusionMatrix").ValueKind);
        Assert.Empty(Values()["eval/confusion"]);
    }

    [Fact]
    public void Train_Start_NamesHeadAdaptersAndVersions()
    {
        TinyRun.Train(_model, Options with { Trained = TrainedParts.DecoderAndAdapters, Adapters = new AdapterOptions { LoraRank = 2, FirstBlock = 1 } });

        var start = Assert.Single(Lines("start"));
        Assert.Equal("MaskDecoder", start.GetProperty("head").GetProperty("name").GetString());
        Assert.Equal("Lora", start.GetProperty("adapters").GetProperty("name").GetString());
        Assert.Equal((2, 1), (start.GetProperty("adapters").GetProperty("loraRank").GetInt32(), start.GetProperty("adapters").GetProperty("firstBlock").GetInt32()));
        Assert.Equal(TorchSharp.torch.__version__, start.GetProperty("versions").GetProperty("libtorch").GetString());
        Assert.True(start.GetProperty("time").GetDateTimeOffset() <= Assert.Single(Lines("end")).GetProperty("time").GetDateTimeOffset());
    }

    private static double? Value(JsonElement element) => element.ValueKind == JsonValueKind.Null ? null : element.GetDouble();

    private JsonElement[] Lines(string name) =>
    [
        .. File.ReadLines(_folder.PathOf("log.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("event").GetString() == name),
    ];

    private ILookup<string, (long Step, WireMessage Value)> Values() =>
        EventFileReader.Read(Assert.Single(Directory.GetFiles(_folder.Root, "events.out.tfevents.*")))
            .Where(entry => entry.Fields.Contains(5))
            .Select(entry => (Step: entry.Integer(2), Value: entry.Message(5).Message(1)))
            .ToLookup(pair => pair.Value.Text(1));
}
