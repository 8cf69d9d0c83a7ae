using System.Runtime.InteropServices;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Autograd;

public sealed class AutogradTests
{
    [Fact]
    public void Grad_BeforeBackward_IsNull()
    {
        using var leaf = ones(2).requires_grad_(true);
        Assert.Null(Gradient.Of(leaf.grad));
        Assert.True(leaf.requires_grad);
        Assert.True(leaf.is_leaf);
    }

    [Fact]
    public void Backward_Twice_AddsGradients()
    {
        using var scope = NewDisposeScope();
        var leaf = ones(2).requires_grad_(true);
        (leaf * 3).sum().backward();
        (leaf * 4).sum().backward();
        TensorAssert.Equal([7, 7], Gradient.Of(leaf.grad)!);
    }

    [Fact]
    public void Backward_OfTheSameGraphTwice_NeedsRetaining()
    {
        using var scope = NewDisposeScope();
        var leaf = ones(2).requires_grad_(true);
        var loss = leaf.exp().sum();
        autograd.backward(loss, retain_graph: true);
        loss.backward();
        TensorAssert.Equal([2 * Math.E, 2 * Math.E], Gradient.Of(leaf.grad)!, 1e-6);
        var error = Assert.ThrowsAny<ExternalException>(() => loss.backward());
        Assert.Contains("Trying to backward through the graph a second time", error.Message);
    }

    [Fact]
    public void Backward_OfMoreThanOneElement_NeedsAGradient()
    {
        using var scope = NewDisposeScope();
        var leaf = ones(2).requires_grad_(true);
        var error = Assert.ThrowsAny<ExternalException>(() => (leaf * 2).backward());
        Assert.Contains("grad can be implicitly created only for scalar outputs", error.Message);
        (leaf * 2).backward([tensor(new[] { 1f, 10f })]);
        TensorAssert.Equal([2, 20], Gradient.Of(leaf.grad)!);
    }

    [Fact]
    public void Backward_WithoutAGraph_IsAnError()
    {
        using var scope = NewDisposeScope();
        var error = Assert.ThrowsAny<ExternalException>(() => ones(1).sum().backward());
        Assert.Contains("does not require grad and does not have a grad_fn", error.Message);
    }

    [Fact]
    public void NoGrad_RecordsNothing_AndEndsWithItsBlock()
    {
        using var scope = NewDisposeScope();
        var leaf = ones(2).requires_grad_(true);
        Assert.True(is_grad_enabled());
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((leaf * 2).requires_grad);
            using (enable_grad())
                Assert.True((leaf * 2).requires_grad);
            Assert.False(is_grad_enabled());
        }
        Assert.True(is_grad_enabled());
        Assert.True((leaf * 2).requires_grad);
        Assert.False((leaf * 2).is_leaf);
    }

    [Fact]
    public void NoGrad_IsTheThreadsOwn()
    {
        using var mode = no_grad();
        bool? elsewhere = null;
        var thread = new Thread(() => elsewhere = is_grad_enabled());
        thread.Start();
        thread.Join();
        Assert.True(elsewhere);
    }

    [Fact]
    public void Detach_SharesMemoryWithoutTheGraph()
    {
        using var scope = NewDisposeScope();
        var leaf = ones(2).requires_grad_(true);
        var detached = (leaf * 2).detach();
        Assert.False(detached.requires_grad);
        var alias = leaf.detach();
        alias.fill_(5);
        TensorAssert.Equal([5, 5], leaf);
    }

    [Fact]
    public void InPlace_OnALeafThatNeedsAGradient_IsAnError()
    {
        using var scope = NewDisposeScope();
        var leaf = ones(2).requires_grad_(true);
        var error = Assert.ThrowsAny<ExternalException>(() => leaf.add_(1));
        Assert.Contains("a leaf Variable that requires grad is being used in an in-place operation", error.Message);
        using (no_grad())
            leaf.add_(1);
        TensorAssert.Equal([2, 2], leaf);
    }

    [Fact]
    public void InPlace_OnWhatBackwardNeeds_IsAnError()
    {
        using var scope = NewDisposeScope();
        var leaf = ones(2).requires_grad_(true);
        var middle = leaf.exp();
        var loss = middle.sum();
        middle.add_(1);
        var error = Assert.ThrowsAny<ExternalException>(() => loss.backward());
        Assert.Contains("has been modified by an inplace operation", error.Message);
    }

    [Fact]
    public void RequiresGrad_OfWholeNumbers_IsAnError()
    {
        using var whole = arange(3);
        var error = Assert.ThrowsAny<ExternalException>(() => whole.requires_grad = true);
        Assert.Contains("can require gradients", error.Message);
    }

    [Fact]
    public void Grad_OfGivenInputs_LeavesTheOthersAlone()
    {
        using var scope = NewDisposeScope();
        var a = ones(2).requires_grad_(true);
        var b = ones(2).requires_grad_(true);
        var gradients = autograd.grad([(a * b * 3).sum()], [a]);
        TensorAssert.Equal([3, 3], Assert.Single(gradients));
        Assert.Null(Gradient.Of(a.grad));
        Assert.Null(Gradient.Of(b.grad));
    }

    [Fact]
    public void Backward_FromSeveralThreads_ReachesEachThreadsLeaf()
    {
        var found = new double[4];
        Parallel.For(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, n =>
        {
            using var scope = NewDisposeScope();
            var leaf = new Parameter(full([3], (double)n));
            (leaf * leaf).sum().backward();
            found[n] = TensorAssert.Values(Gradient.Of(leaf.grad)!).Sum();
        });
        Assert.Equal([0, 6, 12, 18], found);
    }
}
