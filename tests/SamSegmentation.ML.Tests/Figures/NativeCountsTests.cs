using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Figures;

[Collection(LiveTensors.Alone)]
public sealed class NativeCountsTests
{
    [Fact]
    public void Of_TensorsThatComeAndGo_CountsEachAndTheMostAtOnce()
    {
        var counts = NativeCounts.Of(() =>
        {
            using (zeros(100))
            using (zeros(50))
            {
            }
            using var last = zeros(30);
            using var view = last.narrow(0, 0, 10);
        });

        Assert.Equal((3, 4 * 180, 4 * 150), (counts.Blocks, counts.Bytes, counts.Peak));
        Assert.Equal(0, counts.Operations);
    }

    [Fact]
    public void Of_ATensorThatOutlivesIt_IsNoneOfTheNextCounts()
    {
        Tensor? left = null;
        NativeCounts.Of(() => left = zeros(100));
        var counts = NativeCounts.Of(() =>
        {
            left!.Dispose();
            using var own = zeros(10);
        });

        Assert.Equal((1, 40, 40), (counts.Blocks, counts.Bytes, counts.Peak));
    }

    [Fact]
    public void Of_AProductAndItsGradients_CountsAllThree()
    {
        using var scope = NewDisposeScope();
        var (left, right) = (randn(20, 30).requires_grad_(), randn(30, 40).requires_grad_());

        var forward = NativeCounts.Of(() => left.mm(right).sum().Dispose());
        var both = NativeCounts.Of(() => left.mm(right).sum().backward());

        Assert.Equal(2 * 20 * 30 * 40, forward.Operations);
        Assert.Equal(3 * forward.Operations, both.Operations);
        Assert.True(both.Bytes >= forward.Bytes + 4 * (20 * 30 + 30 * 40), $"{both.Bytes} bytes");
    }
}
