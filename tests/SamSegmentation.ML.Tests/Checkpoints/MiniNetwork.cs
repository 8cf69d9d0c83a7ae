using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Tests.Golden;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Checkpoints;

/// <summary>The golden mini case's network and others of its size.</summary>
internal static class MiniNetwork
{
    public const int Classes = 21;

    public static SamConfig Config { get; } = new()
    {
        ImageSize = 64,
        PatchSize = 8,
        EncoderDim = 32,
        EncoderDepth = 2,
        EncoderHeads = 2,
        WindowSize = 3,
        GlobalAttentionBlocks = [1],
        EmbeddingChannels = 64,
        DecoderHeads = 4,
        DecoderMlpDim = 128,
    };

    /// <summary>Checks that the named tensors of a module are those that the hash makes, after rounding to a dtype.</summary>
    public static void AssertHashMade(nn.Module module, IEnumerable<string> names, Func<string, ScalarType> storedDType)
    {
        var state = module.state_dict();
        var compared = 0;
        foreach (var name in names)
        {
            using var scope = NewDisposeScope();
            var actual = state[name].detach();
            var expected = tensor(GoldenWeights.Values(name, actual.shape)).reshape(actual.shape).to_type(storedDType(name)).to_type(actual.dtype);
            Assert.True(expected.bytes.SequenceEqual(actual.contiguous().bytes), $"{name} differs from the weights that the hash makes.");
            compared++;
        }
        Assert.True(compared > 0);
    }

    /// <summary>The bytes of every tensor of a module by name.</summary>
    public static Dictionary<string, byte[]> Bytes(nn.Module module)
    {
        using var scope = NewDisposeScope();
        return module.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.detach().contiguous().bytes.ToArray());
    }
}
