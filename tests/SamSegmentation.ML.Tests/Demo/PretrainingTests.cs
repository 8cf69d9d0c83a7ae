using System.Text;
using SamSegmentation.Demo;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Demo;

public sealed class PretrainingTests : IDisposable
{
    private const long MostBytes = 3_000_000;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_FewScenes_WritesACheckpointLikeTheOneThatIsThere()
    {
        using var lines = new StringWriter();
        new Pretraining(new PretrainingOptions { Output = _folder.PathOf("out"), Scenes = 3, Epochs = 1 }, new DemoDisplay(lines)).Run(TestContext.Current.CancellationToken);

        using var made = Checkpoint.Open(_folder.PathOf("out/small_sam.safetensors"));
        using var there = Checkpoint.Open(SmallSam.Checkpoint);
        Assert.Equal(SamCheckpointLayout.Sam, SamCheckpoint.FindLayout(made));
        Assert.Equal(SmallSam.Config, SamCheckpoint.InferConfig(made));
        Assert.Equal(SmallSam.Config, SamCheckpoint.InferConfig(there));
        Assert.InRange(new FileInfo(SmallSam.Checkpoint).Length, 1, MostBytes);
        Assert.Equal(new FileInfo(SmallSam.Checkpoint).Length, new FileInfo(_folder.PathOf("out/small_sam.safetensors")).Length);
        Assert.All(there.Entries.Values, entry => Assert.Equal(ScalarType.Float16, entry.DType));
        // Names, order, types, shapes, places and metadata.
        Assert.Equal(Header(_folder.PathOf("out/small_sam.safetensors")), Header(SmallSam.Checkpoint));
        // What no step trains follows from the seed alone: the file that is there began as the command begins.
        foreach (var name in there.Entries.Keys.Where(IsUntrained))
            Assert.True(Bytes(there, name).SequenceEqual(Bytes(made, name)), name);
    }

    [Fact]
    public void Checkpoint_ThatIsThere_IsTrained()
    {
        using var scope = NewDisposeScope();
        using var there = Checkpoint.Open(SmallSam.Checkpoint);
        using var network = new Sam(SmallSam.Config);
        SamCheckpoint.LoadSam(network, there);

        foreach (var (name, value) in network.state_dict())
        {
            Assert.True(value.isfinite().all().ToBoolean(), name);
            // A bias, an embedding or a scale of its first value was never stepped.
            if (!IsUntrained(name) && value.numel() > 1)
                Assert.True(value.std().ToSingle() > 1e-4, name);
        }
    }

    [Fact]
    public void Run_OutputHoldsSomething_LeavesIt()
    {
        _folder.Write("out/mine.txt", [1]);
        using var lines = new StringWriter();

        Assert.Throws<IOException>(() => new Pretraining(new PretrainingOptions { Output = _folder.PathOf("out") }, new DemoDisplay(lines)).Run(TestContext.Current.CancellationToken));

        Assert.Single(Directory.GetFileSystemEntries(_folder.PathOf("out")));
    }

    // The prompt encoder but for its dense embedding, the classes' hypernetworks and the IoU head.
    private static bool IsUntrained(string name) =>
        (name.StartsWith("prompt_encoder.", StringComparison.Ordinal) && !name.Contains("no_mask_embed", StringComparison.Ordinal))
        || name.StartsWith("mask_decoder.output_hypernetworks_mlps.", StringComparison.Ordinal)
        || name.StartsWith("mask_decoder.iou_prediction_head.", StringComparison.Ordinal);

    private static byte[] Bytes(Checkpoint checkpoint, string name)
    {
        using var value = checkpoint.Read(name);
        return value.bytes.ToArray();
    }

    private static string Header(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        return Encoding.UTF8.GetString(reader.ReadBytes((int)reader.ReadInt64()));
    }
}
