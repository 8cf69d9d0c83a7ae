using SamSegmentation.ML.Modeling;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling;

/// <summary>The tokens of a grid in the order of windows.</summary>
public sealed class WindowOrderTests
{
    [Fact]
    public void Indices_OfAGridThatWindowsDoNotDivide_EndWithTheSmallerWindows()
    {
        using var scope = NewDisposeScope();
        // 0 1 | 2
        // 3 4 | 5
        // ----+--
        // 6 7 | 8
        var order = new WindowOrder(1, 3, 3, 2);
        Assert.Equal([0, 1, 3, 4, 2, 5, 6, 7, 8], order.Indices(CPU).data<long>().ToArray());
        Assert.Equal([4, 2, 2, 1], order.Groups.Select(group => group.Tokens));
        Assert.Equal([(2, 2), (2, 1), (1, 2), (1, 1)], order.Groups.Select(group => ((int)group.Height, (int)group.Width)));
    }

    [Theory]
    [InlineData(1, 4, 4, 2)]
    [InlineData(2, 5, 7, 3)]
    [InlineData(3, 2, 2, 5)]
    public void Indices_HoldEveryTokenOnce(long batch, long height, long width, long window)
    {
        using var scope = NewDisposeScope();
        var order = new WindowOrder(batch, height, width, window);
        var indices = order.Indices(CPU);
        Assert.Equal(Enumerable.Range(0, (int)(batch * height * width)).Select(n => (long)n), indices.data<long>().ToArray().Order());
        Assert.Equal(batch * height * width, order.Groups.Sum(group => group.Tokens));
    }
}
