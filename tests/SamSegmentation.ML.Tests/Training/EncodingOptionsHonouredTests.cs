using System.Text.Json;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Data;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training;

/// <summary>Each option of <see cref="TrainingOptions"/> about encoder and cache does what it says, seen from outside.</summary>
public sealed class EncodingOptionsHonouredTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SemanticSam _model = TinyNetwork.Create();

    private string Cache => Path.Combine(_folder.Root, "cache");

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void CacheFolder_SecondRun_EncodesNothing()
    {
        var options = TinyRun.Options with { CacheFolder = Cache };
        var first = Run(options, "first");
        var again = Run(options, "again");
        var anew = Run(options with { ReuseCache = false }, "anew");

        Assert.Equal((8, 3), first);
        Assert.Equal((0, 0), again);
        Assert.Equal((8, 3), anew);
    }

    [Fact]
    public void CacheFolder_Everything_HoldsTheImages()
    {
        var options = TinyRun.Options with { CacheFolder = Cache, Trained = TrainedParts.Everything };

        Assert.Equal((8, 3), Run(options, "first"));
        Assert.Equal((0, 0), Run(options, "again"));
    }

    [Fact]
    public void CacheFolder_DamagedEntries_AreComputedAgain()
    {
        var options = TinyRun.Options with { CacheFolder = Cache };
        Run(options, "first");
        var files = Directory.GetFiles(Cache, "*.safetensors", SearchOption.AllDirectories);
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(file);
            bytes[^1] ^= 0x10;
            File.WriteAllBytes(file, bytes);
        }

        Assert.Equal((8, 3), Run(options, "again"));

        var start = JsonDocument.Parse(File.ReadLines(Path.Combine(_folder.Root, "again", "log.jsonl")).First()).RootElement;
        Assert.Equal(8, start.GetProperty("training").GetProperty("damaged").GetArrayLength());
        Assert.Equal((0, 0), Run(options, "third"));
    }

    [Fact]
    public void CacheFolder_NotGiven_IsTemporary()
    {
        string path;
        using (var folder = new CacheFolder(null))
        {
            path = folder.Path;
            File.WriteAllText(Path.Combine(path, "entry"), "");
        }
        using (new CacheFolder(_folder.Root))
        {
        }

        Assert.False(Directory.Exists(path));
        Assert.True(Directory.Exists(_folder.Root));
    }

    [Theory]
    [InlineData(EmbeddingDType.Float16, ScalarType.Float16)]
    [InlineData(EmbeddingDType.Float32, ScalarType.Float32)]
    public void EmbeddingDType_Either_IsThatOfTheCache(EmbeddingDType dtype, ScalarType stored)
    {
        TinyRun.Train(_model, TinyRun.Options with { CacheFolder = Cache, EmbeddingDType = dtype, Epochs = 1 });

        var dtypes = Directory.GetFiles(Cache, "*.safetensors", SearchOption.AllDirectories).Select(DTypeOf).ToArray();
        Assert.Equal(8, dtypes.Count(found => found == stored));
        Assert.Equal(8, dtypes.Count(found => found == ScalarType.Byte));

        static ScalarType DTypeOf(string path)
        {
            using var file = Checkpoint.Open(path);
            return file.Entries["data"].DType;
        }
    }

    [Fact]
    public void EncoderBatchSize_Four_EncodesFourAtOnce()
    {
        var done = new List<int>();

        TinyRun.Train(_model, TinyRun.Options with { EncoderBatchSize = 4, Epochs = 1 }, progress: progress =>
        {
            if (progress.Stage == TrainingStage.Preparing)
                done.Add(progress.Done);
        });

        Assert.Equal([0, 4, 8], done.Distinct());
    }

    [Theory]
    [InlineData(null, DeviceType.CPU, -1, 1)]
    [InlineData(null, DeviceType.CUDA, 1, 6)]
    [InlineData(3, DeviceType.CPU, -1, 3)]
    [InlineData(3, DeviceType.CUDA, -1, 3)]
    public void DecideEncoderBatchSize_ADevice_IsWhatWasAskedForOrSuitsIt(int? asked, DeviceType type, int index, int expected) =>
        // Not by torch.device, which wants the device to be there.
        Assert.Equal(expected, new TrainingOptions { BatchSize = 6, EncoderBatchSize = asked }.DecideEncoderBatchSize(new Device(type, index)));

    [Fact]
    public void EncoderPrecision_BFloat16_IsTheEncodersAndHasItsOwnEmbeddings()
    {
        TinyRun.Train(_model, TinyRun.Options with { CacheFolder = Cache, Epochs = 1 });
        TinyRun.Train(_model, TinyRun.Options with { CacheFolder = Cache, Epochs = 1, EncoderPrecision = EncoderPrecision.BFloat16 });

        Assert.Equal(EncoderPrecision.BFloat16, _model.image_encoder.Precision);
        // Twice the eight embeddings, once the eight label maps.
        Assert.Equal(24, Directory.GetFiles(Cache, "*.safetensors", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void EncoderPrecision_Float16OnTheCpu_IsRefusedBeforeAnyImageIsRead()
    {
        var error = Assert.Throws<InvalidOperationException>(() =>
            TinyRun.Train(_model, TinyRun.Options with { EncoderPrecision = EncoderPrecision.Float16 }, training: TinyRun.NeverRead()));

        Assert.Contains("Float16", error.Message);
    }

    // How many inputs of both sets were computed, as the log says.
    private (int Training, int Validation) Run(TrainingOptions options, string name)
    {
        TinyRun.Train(_model, options with { RunFolder = Path.Combine(_folder.Root, name), SaveModel = false, Epochs = 1 }, validation: TinyRun.ValidationSet);
        var start = JsonDocument.Parse(File.ReadLines(Path.Combine(_folder.Root, name, "log.jsonl")).First()).RootElement;
        return (Computed("training"), Computed("validation"));

        int Computed(string set) => start.GetProperty(set).GetProperty("computed").GetInt32();
    }
}
