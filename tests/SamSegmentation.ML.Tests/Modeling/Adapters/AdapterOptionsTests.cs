using SamSegmentation.ML.Modeling.Adapters;
using Xunit;

namespace SamSegmentation.ML.Tests.Modeling.Adapters;

public sealed class AdapterOptionsTests
{
    [Fact]
    public void Resolve_Defaults_AreThePapers()
    {
        Assert.Equal(new AdapterOptions { LoraRank = 4, LoraAlpha = 4 }, new AdapterOptions().Resolve());
        Assert.Equal(new AdapterOptions { LoraRank = 8, LoraAlpha = 8 }, new AdapterOptions { LoraRank = 8 }.Resolve());
        Assert.Equal(
            new AdapterOptions { Kind = AdapterKind.AdaptFormer, BottleneckWidth = 64, BottleneckScale = 0.1 },
            new AdapterOptions { Kind = AdapterKind.AdaptFormer }.Resolve());
        Assert.Equal(AdaptedNetwork.Small, AdaptedNetwork.Small.Resolve());
    }

    [Fact]
    public void WithoutLora_EachKind_IsWhatCannotBeMerged()
    {
        Assert.Null(new AdapterOptions { FirstBlock = 3 }.Resolve().WithoutLora);
        Assert.Equal(
            new AdapterOptions { Kind = AdapterKind.AdaptFormer, BottleneckWidth = 64, BottleneckScale = 0.1, FirstBlock = 3 },
            new AdapterOptions { Kind = AdapterKind.Both, FirstBlock = 3 }.Resolve().WithoutLora);
    }

    [Fact]
    public void FindFaults_SeveralOfThem_AreAllListed()
    {
        var options = new AdapterOptions { Kind = AdapterKind.Both, LoraRank = 0, LoraAlpha = 0, BottleneckWidth = 0, BottleneckScale = -1, FirstBlock = -1 };

        Assert.Equal(["LoraRank", "BottleneckWidth", "LoraAlpha", "BottleneckScale", "FirstBlock"], options.FindFaults().Select(fault => fault.Option));
        Assert.Empty(AdaptedNetwork.Small.FindFaults());
    }
}
