using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.Stack.Tests.TorchSharp.Optim;

public sealed class LearningRateSchedulerTests
{
    [Fact]
    public void Lambda_MultipliesTheInitialRate()
    {
        using var optimizer = optim.SGD([new Parameter(zeros(1))], 2);
        var schedule = optim.lr_scheduler.LambdaLR(optimizer, step => 1 / (1.0 + step));
        Assert.Equal([2, 1, 2 / 3.0, 0.5], Rates(optimizer, schedule, 4), (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void Multiplicative_MultipliesTheRateBefore()
    {
        using var optimizer = optim.SGD([new Parameter(zeros(1))], 2);
        var schedule = optim.lr_scheduler.MultiplicativeLR(optimizer, _ => 0.5);
        Assert.Equal([2, 1, 0.5, 0.25], Rates(optimizer, schedule, 4));
    }

    [Fact]
    public void Cosine_RisesAgainAfterItsBottom()
    {
        using var optimizer = optim.SGD([new Parameter(zeros(1))], 1);
        var schedule = optim.lr_scheduler.CosineAnnealingLR(optimizer, 2);
        Assert.Equal([1, 0.5, 0, 0.5, 1], Rates(optimizer, schedule, 5), (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void Step_ChangesEveryGroup()
    {
        using var optimizer = optim.SGD(
            [new SGD.ParamGroup([new Parameter(zeros(1))], 1.0), new SGD.ParamGroup([new Parameter(zeros(1))], 10.0)], 0.1);
        var schedule = optim.lr_scheduler.StepLR(optimizer, 1, 0.5);
        schedule.step();
        Assert.Equal([0.5, 5], optimizer.ParamGroups.Select(group => group.LearningRate));
        Assert.Equal([0.5, 5], schedule.get_last_lr());
    }

    [Fact]
    public void OneCycle_TurnsTheMomentumTheOtherWay()
    {
        using var optimizer = optim.SGD([new Parameter(zeros(1))], 1, momentum: 0.9);
        var schedule = optim.lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps: 10, base_momentum: 0.8, max_momentum: 0.9);
        double Momentum() => ((optim.IMomentum)optimizer.ParamGroups.Single()).Momentum;
        Assert.Equal(0.9, Momentum(), 1e-12);
        Rates(optimizer, schedule, 2);
        Assert.Equal(0.8, Momentum(), 1e-12);
        Rates(optimizer, schedule, 7);
        Assert.Equal(0.9, Momentum(), 1e-12);
        schedule.step();
        Assert.Throws<InvalidOperationException>(schedule.step);
    }

    private static List<double> Rates(optim.Optimizer optimizer, optim.lr_scheduler.LRScheduler schedule, int count)
    {
        var rates = new List<double>();
        for (int n = 0; n < count; n++)
        {
            rates.Add(optimizer.ParamGroups.Single().LearningRate);
            schedule.step();
        }
        return rates;
    }
}
