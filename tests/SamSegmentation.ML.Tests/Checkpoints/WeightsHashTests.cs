using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Checkpoints;

public sealed class WeightsHashTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Compute_EqualWeights_AreEqualAndOthersAreNot()
    {
        using var model = new SemanticSam(TinyCheckpoint.Config, 3);
        using var copy = new SemanticSam(TinyCheckpoint.Config, 3);
        Assert.NotEqual(WeightsHash.Compute(model.image_encoder), WeightsHash.Compute(copy.image_encoder));
        using var checkpoint = TinyCheckpoint.Write(_folder, model.state_dict());

        SamCheckpoint.Load(copy, checkpoint);

        var hash = WeightsHash.Compute(model.image_encoder);
        Assert.Equal(hash, WeightsHash.Compute(copy.image_encoder));
        copy.to(ScalarType.Float64);
        Assert.NotEqual(hash, WeightsHash.Compute(copy.image_encoder));
    }

    [Fact]
    public void Compute_KnownModule_IsTheDigestOfItsDescription()
    {
        using var linear = nn.Linear(2, 1);
        using (no_grad())
        {
            using var scope = NewDisposeScope();
            linear.weight!.copy_(tensor(new float[] { 1, 2 }).reshape(1, 2));
            linear.bias!.copy_(tensor(new float[] { 3 }));
        }
        byte[] expected =
        [
            .. "bias Float32 [1]\n"u8, .. BitConverter.GetBytes(3f),
            .. "weight Float32 [1, 2]\n"u8, .. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f),
        ];

        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(expected)), WeightsHash.Compute(linear));
    }
}
