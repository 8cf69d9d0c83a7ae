using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Tests.Checkpoints;
using SamSegmentation.ML.Tests.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling.Adapters;

/// <summary>Adapters in a network: their start, their names, merging.</summary>
public sealed class AdaptersTests
{
    [Theory]
    [InlineData(AdapterKind.Lora)]
    [InlineData(AdapterKind.AdaptFormer)]
    [InlineData(AdapterKind.Both)]
    public void AddAdapters_AtFirst_ChangesNotOneBit(AdapterKind kind)
    {
        using var scope = NewDisposeScope();
        using var model = TinyNetwork.Create();
        var images = AdaptedNetwork.Images();
        // Attention with gradients and without them may round differently.
        var (before, beforeWithGradients) = (WithoutGradients(), model.forward(images));

        model.AddAdapters(new AdapterOptions { Kind = kind });

        Assert.True(before.Equals(WithoutGradients()));
        Assert.True(beforeWithGradients.Equals(model.forward(images)));
        AdaptedNetwork.Disturb(model);
        Assert.False(before.Equals(WithoutGradients()));

        Tensor WithoutGradients()
        {
            using var noGradient = no_grad();
            return model.forward(images);
        }
    }

    [Fact]
    public void AddAdapters_Names_AreOfTheAdaptersAloneAndTheEncoderKeepsItsHash()
    {
        using var model = TinyNetwork.Create();
        var (names, hash) = (model.state_dict().Keys.ToArray(), WeightsHash.Compute(model.image_encoder));

        model.AddAdapters(AdaptedNetwork.Small with { FirstBlock = 1 });

        Assert.Equal(
            [
                "adapters.1.adaptformer.down.bias", "adapters.1.adaptformer.down.weight",
                "adapters.1.adaptformer.up.bias", "adapters.1.adaptformer.up.weight",
                "adapters.1.lora_proj.a.weight", "adapters.1.lora_proj.b.weight",
                "adapters.1.lora_qkv.a.weight", "adapters.1.lora_qkv.b.weight",
            ],
            model.state_dict().Keys.Except(names).Order(StringComparer.Ordinal));
        Assert.Equal(hash, WeightsHash.Compute(model.image_encoder));
        Assert.Equal(model.state_dict().Count, model.named_parameters().Count() + model.named_buffers().Count());
    }

    [Fact]
    public void AddAdapters_SameSeed_SameWeights()
    {
        using var first = TinyNetwork.Create();
        using var second = TinyNetwork.Create();
        foreach (var model in new[] { first, second })
        {
            manual_seed(7);
            model.AddAdapters(AdaptedNetwork.Small);
        }

        Assert.Equal(MiniNetwork.Bytes(first), MiniNetwork.Bytes(second));
    }

    [Fact]
    public void AddAdapters_Twice_IsRefused()
    {
        using var model = TinyNetwork.Create();
        model.AddAdapters(new AdapterOptions());

        Assert.Contains("LoraRank = 4", Assert.Throws<InvalidOperationException>(() => model.AddAdapters(new AdapterOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddAdapters_ImpossibleOptions_ListsEveryFault()
    {
        using var model = TinyNetwork.Create();

        var error = Assert.Throws<ArgumentException>(() => model.AddAdapters(new AdapterOptions { LoraRank = 33, BottleneckWidth = 3, FirstBlock = 2 }));

        foreach (var fault in new[] { "LoraRank is 33; it must be at most 32", "BottleneckWidth belongs to AdaptFormer; Kind is Lora", "FirstBlock is 2; it must be in 0..1" })
            Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.Null(model.Adapters);
    }

    [Fact]
    public void MergeAdapters_Lora_LeavesMetasNamesAndTheSameLogits()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = AdaptedNetwork.Create(new AdapterOptions { LoraRank = 3 });
        using var plain = TinyNetwork.Create();
        var images = AdaptedNetwork.Images();
        var before = model.forward(images);

        model.MergeAdapters();

        Assert.Null(model.Adapters);
        Assert.Equal(plain.state_dict().Keys.Order(), model.state_dict().Keys.Order());
        Assert.False(before.Equals(plain.forward(images)));
        Assert.InRange(Distance(before, model.forward(images)), 0, 1e-5);
        model.AddAdapters(new AdapterOptions { Kind = AdapterKind.AdaptFormer });
    }

    [Fact]
    public void MergeAdapters_Both_KeepsTheBottlenecks()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = AdaptedNetwork.Create(AdaptedNetwork.Small);
        var images = AdaptedNetwork.Images();
        var before = model.forward(images);

        model.MergeAdapters();

        Assert.Equal(new AdapterOptions { Kind = AdapterKind.AdaptFormer, BottleneckWidth = 5, BottleneckScale = 0.5 }, model.Adapters);
        Assert.Equal(2 * 4, model.state_dict().Keys.Count(AdaptedNetwork.IsAdapter));
        Assert.InRange(Distance(before, model.forward(images)), 0, 1e-5);
    }

    [Fact]
    public void MergedState_OfTheUnmerged_IsTheMergedOnes()
    {
        using var scope = NewDisposeScope();
        using var model = AdaptedNetwork.Create(AdaptedNetwork.Small);
        var state = model.merged_state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.detach().bytes.ToArray());
        var unmerged = MiniNetwork.Bytes(model);

        model.MergeAdapters();

        Assert.Equal(MiniNetwork.Bytes(model), state);
        Assert.NotEqual(unmerged["image_encoder.blocks.0.attn.qkv.weight"], state["image_encoder.blocks.0.attn.qkv.weight"]);
    }

    [Fact]
    public void ContinueFrom_TokensBeforeABlock_IsForward()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = AdaptedNetwork.Create(AdaptedNetwork.Small with { FirstBlock = 1 });
        var images = AdaptedNetwork.Images();
        var expected = model.encode(images);

        for (var block = 0; block < TinyNetwork.Config.EncoderDepth; block++)
        {
            var tokens = model.image_encoder.tokens_before(images, block);
            Assert.True(expected.Equals(model.image_encoder.continue_from(tokens, block)));
            Assert.True(expected.Equals(model.image_encoder.continue_from(tokens, block)), "The tokens were changed.");
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => model.image_encoder.tokens_before(images, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.image_encoder.continue_from(images, -1));
    }

    private static double Distance(Tensor a, Tensor b) => (a - b).abs().max().ToSingle();
}
