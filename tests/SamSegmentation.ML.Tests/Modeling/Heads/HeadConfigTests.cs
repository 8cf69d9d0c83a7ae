using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Tests.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Modeling.Heads;

public sealed class HeadConfigTests
{
    public static TheoryData<HeadConfig, string> Faulty => new()
    {
        { new HeadConfig { Kind = (HeadKind)9 }, "Kind is 9; it must be one of MaskDecoder, Linear, Aspp, PyramidPooling." },
        { new HeadConfig { Kind = HeadKind.Aspp, Width = 0 }, "Width is 0; it must be at least 1." },
        { new HeadConfig { Width = 8 }, "Width is 8; MaskDecoder has no width of its own." },
        { new HeadConfig { Kind = HeadKind.Linear, Width = 8 }, "Width is 8; Linear has no width of its own." },
        { new HeadConfig { FeatureBlocks = [-1] }, "FeatureBlocks holds -1; it must be in 0..1, as the encoder has 2 blocks." },
        { new HeadConfig { FeatureBlocks = [0, 2] }, "FeatureBlocks holds 2; it must be in 0..1, as the encoder has 2 blocks." },
        { new HeadConfig { FeatureBlocks = [1, 0] }, "FeatureBlocks holds 0 after 1; they must ascend." },
        { new HeadConfig { FeatureBlocks = [1, 1] }, "FeatureBlocks holds 1 after 1; they must ascend." },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void FindFaults_OneFault_NamesIt(HeadConfig head, string expected)
    {
        Assert.Equal([expected], head.FindFaults(TinyNetwork.Config));
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => new SemanticSam(TinyNetwork.Config, 3, head)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FindFaults_WithoutDimensions_FindsWhatIsWrongWithAnyNetwork()
    {
        Assert.Empty(new HeadConfig { FeatureBlocks = [2, 5, 40] }.FindFaults());
        Assert.Equal(["FeatureBlocks holds -2; it must be at least 0."], new HeadConfig { FeatureBlocks = [-2, 5] }.FindFaults());
    }

    [Fact]
    public void Equals_SameBlocksInAnotherList_IsEqual()
    {
        var head = new HeadConfig { Kind = HeadKind.Aspp, Width = 12, FeatureBlocks = [2, 5] };
        var same = head with { FeatureBlocks = new List<int> { 2, 5 } };

        Assert.Equal(head, same);
        Assert.Equal(head.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(head, head with { FeatureBlocks = [2] });
        Assert.NotEqual(head, head with { Width = null });
        Assert.NotEqual(head, head with { Kind = HeadKind.PyramidPooling });
        Assert.Equal("Aspp of width 12 with blocks 2, 5", head.ToString());
    }
}
