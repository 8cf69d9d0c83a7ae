using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Tests.Golden;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Checkpoints;

/// <summary>The four golden checkpoint files hold the hash-made weights of the mini case, bit for bit.</summary>
public sealed class GoldenCheckpointTests
{
    [Theory]
    [InlineData("mini.sam.pth", CheckpointFormat.PyTorchZip)]
    [InlineData("mini.sam.legacy.pth", CheckpointFormat.PyTorchLegacy)]
    public void Read_SamFile_EqualsTheHashMadeWeights(string name, CheckpointFormat format)
    {
        using var checkpoint = Checkpoint.Open(GoldenFile.Path(name));

        Assert.Equal(format, checkpoint.Format);
        Assert.Equal(174, checkpoint.Entries.Count);
        foreach (var (key, entry) in checkpoint.Entries)
        {
            Assert.Equal(ScalarType.Float32, entry.DType);
            AssertHashMade(checkpoint, key, key);
        }
    }

    [Fact]
    public void Read_SixteenBitFile_EqualsTheRoundedWeights()
    {
        using var checkpoint = Checkpoint.Open(GoldenFile.Path("mini.sam.mixed16.pth"));

        Assert.Equal(174, checkpoint.Entries.Count);
        Assert.Equal(
            [ScalarType.Float16, ScalarType.BFloat16],
            checkpoint.Entries.Values.Select(entry => entry.DType).Distinct().Order());
        foreach (var key in checkpoint.Entries.Keys)
            AssertHashMade(checkpoint, key, key);
    }

    [Fact]
    public void Read_TheReferencesFile_HoldsTheWeightsUnderTheirAliases()
    {
        using var checkpoint = Checkpoint.Open(GoldenFile.Path("mini.seed-model.pth"));

        Assert.Equal(696, checkpoint.Entries.Count);
        (string Theirs, string Metas)[] parts =
        [
            ("ori_sam.image_encoder.", "image_encoder."),
            ("ori_sam.prompt_encoder.", "prompt_encoder."),
            ("mask_adapter.decoder_neck.", "mask_decoder."),
            ("mask_adapter.decoder_head.", "mask_decoder."),
        ];
        var names = new HashSet<string>();
        foreach (var key in checkpoint.Entries.Keys)
        {
            foreach (var (theirs, metas) in parts.Where(part => key.StartsWith(part.Theirs, StringComparison.Ordinal)))
            {
                AssertHashMade(checkpoint, key, metas + key[theirs.Length..]);
                names.Add(metas + key[theirs.Length..]);
            }
        }
        // SAM's 174, with 21 hypernetworks of 6 tensors in place of 4.
        Assert.Equal(174 + (21 - 4) * 6, names.Count);
    }

    private static void AssertHashMade(Checkpoint checkpoint, string key, string name)
    {
        using var scope = NewDisposeScope();
        var entry = checkpoint.Entries[key];
        var read = checkpoint.Read(key);
        var expected = tensor(GoldenWeights.Values(name, [.. entry.Shape])).reshape([.. entry.Shape]).to_type(entry.DType);
        Assert.Equal(entry.DType, read.dtype);
        Assert.Equal(entry.Shape, read.shape);
        Assert.True(expected.bytes.SequenceEqual(read.bytes), $"{key} differs from the weights that the hash makes for {name}.");
    }
}
