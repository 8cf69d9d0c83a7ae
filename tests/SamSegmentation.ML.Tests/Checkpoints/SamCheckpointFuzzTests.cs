using System.Text.Json.Nodes;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Tests.Checkpoints.Files;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Checkpoints;

/// <summary>Sound files whose names and shapes are no network's, or one that is far larger than the file.</summary>
public sealed class SamCheckpointFuzzTests : IDisposable
{
    private const int Weights = 70_000;

    private static readonly long[] _sizes = [0, 1, 2, 3, 4, 5, 7, 8, 16, 31, 32, 64, 1 << 10, 1 << 15, 69_999];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void InferConfig_ChangedNamesAndShapes_GivesASoundConfigurationOrIsRefused()
    {
        var sound = Shapes();
        var random = new Random(20254);
        var (refused, told) = (0, 0);
        for (var round = 0; round < 400; round++)
        {
            var entries = new OrderedDictionary<string, long[]>(sound);
            for (var times = random.Next(1, 4); times > 0; times--)
                Change(entries, random);
            using var checkpoint = Checkpoint.Open(Write(entries));
            var error = Record.Exception(() =>
            {
                SamCheckpoint.InferClasses(checkpoint);
                SamCheckpoint.FindLayout(checkpoint);
                Assert.Empty(SamCheckpoint.InferConfig(checkpoint).FindFaults());
            });
            if (error is null)
                told++;
            else
                Assert.Equal(checkpoint.Path, Assert.IsType<CheckpointFormatException>(error, exactMatch: true).Path);
            refused += error is null ? 0 : 1;
        }
        // Most weights' shapes say nothing about the dimensions, and some say all.
        Assert.InRange(told, 50, 350);
        Assert.Equal(400, told + refused);
    }

    [Fact]
    public void InferConfig_BlocksThatAreNamesAlone_AreRefused()
    {
        var entries = Shapes();
        for (var block = 2; block < 5000; block++)
            entries.Add($"image_encoder.blocks.{block}.attn.rel_pos_h", [5, 1]);
        using var checkpoint = Checkpoint.Open(Write(entries));

        var error = Assert.Throws<CheckpointFormatException>(() => SamCheckpoint.InferConfig(checkpoint));

        Assert.Contains("but the file holds", error.Reason);
    }

    [Fact]
    public void InferConfig_HypernetworksThatAreNamesAlone_AreRefused()
    {
        var entries = Shapes();
        for (var id = 4; id < 5000; id++)
            entries.Add($"mask_decoder.output_hypernetworks_mlps.{id}.x", [0]);
        using var checkpoint = Checkpoint.Open(Write(entries));

        var error = Assert.Throws<CheckpointFormatException>(() => SamCheckpoint.InferConfig(checkpoint));

        Assert.Contains("but the file holds", error.Reason);
    }

    [Fact]
    public void InferConfig_AHundredNetworks_NamesAFew()
    {
        var entries = new OrderedDictionary<string, long[]>();
        for (var i = 0; i < 100; i++)
            entries.Add($"{new string('m', 200)}{i}.image_encoder.x", [1]);
        using var checkpoint = Checkpoint.Open(Write(entries));

        var error = Assert.Throws<CheckpointFormatException>(() => SamCheckpoint.InferConfig(checkpoint));

        Assert.Contains("several networks", error.Reason);
        Assert.InRange(error.Message.Length, 1, 2500);
    }

    [Theory]
    [InlineData("DecoderHeads", "1073741824")]
    [InlineData("DecoderHeads", "2147483647")]
    [InlineData("DecoderHeads", "0")]
    [InlineData("MlpRatio", "1e400")]
    [InlineData("MlpRatio", "1e300")]
    [InlineData("MlpRatio", "1e-300")]
    [InlineData("MlpRatio", "-4")]
    [InlineData("MlpRatio", "\"NaN\"")]
    [InlineData("ImageSize", "2147483647")]
    [InlineData("ImageSize", "99999999999")]
    [InlineData("ImageSize", "64.0")]
    [InlineData("PatchSize", "0")]
    [InlineData("PatchSize", "-8")]
    [InlineData("EncoderDim", "2147483640")]
    [InlineData("EncoderDepth", "2147483647")]
    [InlineData("WindowSize", "2147483647")]
    [InlineData("GlobalAttentionBlocks", "null")]
    [InlineData("GlobalAttentionBlocks", "[0,0]")]
    [InlineData("GlobalAttentionBlocks", "[2147483647]")]
    [InlineData("Unheard", "1")]
    public void InferConfig_StatedValueThatCannotBe_IsRefused(string property, string value)
    {
        using var scope = NewDisposeScope();
        using var model = new SemanticSam(MiniNetwork.Config, 3);
        var path = _folder.PathOf("m.safetensors");
        SamCheckpoint.SaveModel(model, path, new SavedModelInfo { Config = model.Config, ClassNames = ["a", "b", "c"], Preprocessing = "Sam" });
        Dictionary<string, string> metadata;
        using (var sound = Checkpoint.Open(path))
        {
            Assert.Equal(model.Config, SamCheckpoint.InferConfig(sound));
            metadata = sound.Metadata.ToDictionary(pair => pair.Key, pair => pair.Value);
        }
        var config = JsonNode.Parse(metadata["samsegmentation.config"])!.AsObject();
        config[property] = "here";
        metadata["samsegmentation.config"] = config.ToJsonString().Replace("\"here\"", value, StringComparison.Ordinal);
        SafetensorsFile.Write(path, model.state_dict(), metadata);
        using var checkpoint = Checkpoint.Open(path);

        Assert.Throws<CheckpointFormatException>(() => SamCheckpoint.InferConfig(checkpoint));
    }

    /// <summary>The names and shapes of a network of the mini case's dimensions.</summary>
    private static OrderedDictionary<string, long[]> Shapes()
    {
        using var model = new SemanticSam(MiniNetwork.Config, 4);
        using var scope = NewDisposeScope();
        return new OrderedDictionary<string, long[]>(model.state_dict().Select(pair => KeyValuePair.Create(pair.Key, pair.Value.shape)));
    }

    // All tensors are views of one storage, which is as large as the largest of them.
    private string Write(OrderedDictionary<string, long[]> entries) => _folder.Write("x.pth", PthFiles.Zip(
        value => value.Dict(items =>
        {
            foreach (var (name, shape) in entries)
                items.Text(name).Tensor("FloatStorage", "0", Weights, 0, shape, [.. shape.Select(_ => 0L)]);
        }),
        ("0", new byte[4 * Weights])));

    private static void Change(OrderedDictionary<string, long[]> entries, Random random)
    {
        var at = random.Next(entries.Count);
        var (name, shape) = entries.GetAt(at);
        switch (random.Next(5))
        {
            case 0:
                entries.RemoveAt(at);
                break;
            case 1:
                entries.RemoveAt(at);
                entries.TryAdd(name.Replace('0', (char)random.Next('0', 'z')), shape);
                break;
            case 2:
                entries.SetAt(at, [.. shape, 1]);
                break;
            case 3:
                entries.SetAt(at, [.. shape.Skip(1)]);
                break;
            default:
                var changed = shape.ToArray();
                changed[random.Next(changed.Length)] = _sizes[random.Next(_sizes.Length)];
                if (changed.Aggregate(1L, (product, size) => product * size) <= Weights)
                    entries.SetAt(at, changed);
                break;
        }
    }
}
