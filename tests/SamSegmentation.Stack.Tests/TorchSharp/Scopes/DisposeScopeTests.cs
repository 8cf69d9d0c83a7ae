using SamSegmentation.ML.Tests;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Scopes;

[Collection(LiveTensors.Alone)]
public sealed class DisposeScopeTests
{
    [Fact]
    public void Dispose_FreesWhatWasMadeInside()
    {
        long before = LiveTensors.Count();
        Tensor made;
        using (NewDisposeScope())
        {
            made = zeros(2) + 1;
            Assert.Equal(before + 2, Tensor.TotalCount);
        }
        Assert.True(made.IsInvalid);
        Assert.Equal(before, Tensor.TotalCount);
        Assert.Throws<InvalidOperationException>(() => made.Handle);
    }

    [Fact]
    public void MoveToOuter_LetsATensorLiveInTheOuterScope()
    {
        Tensor kept;
        using (var outer = NewDisposeScope())
        {
            using (var inner = NewDisposeScope())
            {
                kept = zeros(2).MoveToOuterDisposeScope();
                Assert.False(inner.Contains(kept));
                Assert.True(outer.Contains(kept));
            }
            Assert.False(kept.IsInvalid);
        }
        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void MoveToOuter_OfTheOutermost_Detaches()
    {
        Tensor kept;
        using (NewDisposeScope())
            kept = zeros(2).MoveToOuterDisposeScope();
        Assert.False(kept.IsInvalid);
        kept.Dispose();
        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void Detach_TakesATensorOutOfEveryScope()
    {
        Tensor kept;
        using (NewDisposeScope())
        using (NewDisposeScope())
            kept = zeros(2).DetachFromDisposeScope();
        Assert.False(kept.IsInvalid);
        kept.Dispose();
    }

    [Fact]
    public void Scope_TakesSeveralResultsOut()
    {
        using var outer = NewDisposeScope();
        Tensor a, b;
        using (var inner = NewDisposeScope())
        {
            (a, b) = inner.MoveToOuter(zeros(1), ones(1));
            var c = zeros(3);
            Assert.Equal(1, inner.DisposablesCount);
            Assert.True(inner.Contains(c));
        }
        Assert.False(a.IsInvalid);
        Assert.False(b.IsInvalid);
        Assert.Equal(2, outer.DisposablesCount);
    }

    [Fact]
    public void DisposeEverythingBut_KeepsTheNamed()
    {
        using var scope = NewDisposeScope();
        var kept = zeros(1);
        var gone = zeros(1);
        scope.DisposeEverythingBut(kept);
        Assert.False(kept.IsInvalid);
        Assert.True(gone.IsInvalid);
        scope.DisposeEverything();
        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void Dispose_OfATensorByHand_TakesItOutOfItsScope()
    {
        using var scope = NewDisposeScope();
        var made = zeros(1);
        made.Dispose();
        Assert.Equal(0, scope.DisposablesCount);
        made.Dispose();
        Assert.True(made.IsInvalid);
    }

    [Fact]
    public void Scopes_AreTheThreadsOwn()
    {
        Tensor? other = null;
        using (var scope = NewDisposeScope())
        {
            var thread = new Thread(() => other = zeros(1));
            thread.Start();
            thread.Join();
            Assert.False(scope.Contains(other!));
        }
        Assert.False(other!.IsInvalid);
        other.Dispose();
    }

    [Fact]
    public void Dispose_OfAnInnerScope_LeavesTheOuterItsTensors()
    {
        using var outer = NewDisposeScope();
        var made = zeros(1);
        using (NewDisposeScope())
            made.add_(1);
        TensorAssert.Equal([1], made);
        Assert.True(outer.Contains(made));
    }

    [Fact]
    public void WrappedTensorDisposeScope_KeepsTheResultAlone()
    {
        long before = LiveTensors.Count();
        using (var result = WrappedTensorDisposeScope(() => zeros(2) + ones(2) * 3))
        {
            Assert.Equal(before + 1, Tensor.TotalCount);
            TensorAssert.Equal([3, 3], result);
        }
        Assert.Equal(before, LiveTensors.Count());
    }

    [Fact]
    public void Use_OfADisposedTensor_IsAnError()
    {
        var made = zeros(1);
        made.Dispose();
        Assert.Throws<InvalidOperationException>(() => made + 1);
        Assert.Throws<InvalidOperationException>(() => made.shape);
    }
}
