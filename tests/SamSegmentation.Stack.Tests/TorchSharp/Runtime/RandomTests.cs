using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Runtime;

[Collection(RandomNumbers.Alone)]
public sealed class RandomTests
{
    [Fact]
    public void ManualSeed_RepeatsEveryDistribution()
    {
        using var scope = NewDisposeScope();
        Func<Tensor>[] draws =
        [
            () => rand(50), () => randn(50), () => randint(1000, [50]), () => randperm(50), () => bernoulli(full(50, 0.5)),
            () => nn.functional.dropout(ones(50)), () => zeros(50).normal_(), () => zeros(50).uniform_(-1, 1), () => multinomial(ones(50), 20),
        ];
        foreach (var draw in draws)
        {
            manual_seed(42);
            double[] first = TensorAssert.Values(draw());
            double[] second = TensorAssert.Values(draw());
            manual_seed(42);
            Assert.Equal(first, TensorAssert.Values(draw()));
            Assert.NotEqual(first, second);
            manual_seed(43);
            Assert.NotEqual(first, TensorAssert.Values(draw()));
        }
    }

    [Fact]
    public void ManualSeed_GivesPyTorchsNumbers()
    {
        using var scope = NewDisposeScope();
        manual_seed(0);
        // torch.manual_seed(0); torch.rand(3)
        TensorAssert.Equal([0.49625658988952637, 0.7682217955589294, 0.08847743272781372], rand(3));
    }

    [Fact]
    public void Generator_OfItsOwn_LeavesTheGlobalOneAlone()
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        double[] expected = TensorAssert.Values(rand(5));
        manual_seed(7);
        using var generator = new Generator(99);
        double[] own = TensorAssert.Values(zeros(5).uniform_(0, 1, generator));
        Assert.Equal(expected, TensorAssert.Values(rand(5)));
        using var same = new Generator(99);
        Assert.Equal(own, TensorAssert.Values(zeros(5).uniform_(0, 1, same)));
    }

    [Fact]
    public void Distributions_StayInTheirRange()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        double[] uniform = TensorAssert.Values(rand(1000));
        Assert.All(uniform, value => Assert.InRange(value, 0, 0.99999995));
        Assert.InRange(uniform.Average(), 0.45, 0.55);
        double[] normal = TensorAssert.Values(randn(1000));
        Assert.InRange(normal.Average(), -0.15, 0.15);
        Assert.InRange(Math.Sqrt(normal.Select(v => v * v).Average()), 0.9, 1.1);
        Assert.Equal(Enumerable.Range(0, 100).Select(n => (double)n), TensorAssert.Values(randperm(100)).Order());
        Assert.All(TensorAssert.Values(randint(3, 6, [100])), value => Assert.Contains(value, new double[] { 3, 4, 5 }));
    }
}
