using System.Text.Json;
using SamSegmentation.ML.Tests.Golden;
using SamSegmentation.ML.Training.Schedules;
using Xunit;

namespace SamSegmentation.ML.Tests.Training.Schedules;

public class LearningRateScheduleTests
{
    private const double Tolerance = 1e-15;

    public static TheoryData<LearningRateSchedule> EverySchedule { get; } =
    [
        new ConstantSchedule(),
        new ConstantSchedule { WarmupSteps = 5, InitialSteps = 7, InitialFactor = 0.5 },
        new StepSchedule { StepSize = 9, WarmupSteps = 4 },
        new MultiStepSchedule { Milestones = [10, 30], WarmupSteps = 4 },
        new ExponentialSchedule { Gamma = 0.97 },
        new LinearSchedule { WarmupSteps = 10 },
        new LinearSchedule { Steps = 20, EndFactor = 0.1 },
        new PolynomialSchedule { WarmupSteps = 10 },
        new CosineSchedule { WarmupSteps = 10, Floor = 0.02 },
        new OneCycleSchedule(),
        new OneCycleSchedule { RisingPart = 0 },
        new OneCycleSchedule { RisingPart = 1 },
    ];

    [Theory]
    [InlineData("step_3_0.5", 0.2, "step", "step_size=3 gamma=0.5")]
    [InlineData("multistep_2_5_9_0.1", 0.2, "multi_step", "milestones=2,5,9 gamma=0.1")]
    [InlineData("cosine_T12", 0.2, "cosine", "")]
    [InlineData("cosine_T12_min0.01", 0.2, "cosine", "floor=0.05")]
    [InlineData("linear_1_to_0.1_in_10", 0.2, "linear", "end_factor=0.1 steps=10")]
    [InlineData("polynomial_12_power0.9", 0.2, "poly", "")]
    [InlineData("exponential_0.9", 0.2, "exponential", "gamma=0.9")]
    [InlineData("onecycle_max1_12", 1, "one_cycle", "")]
    [InlineData("constant_0.5_for_4", 0.2, "constant", "initial_factor=0.5 initial_steps=4")]
    public void Rate_TwelveSteps_EqualsPyTorch(string golden, double baseRate, string name, string settings)
    {
        var schedule = ScheduleFactory.Create(name, settings
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]));
        double[] expected = [.. GoldenParts.Json("optim.json").GetProperty("schedules").GetProperty(golden)
            .EnumerateArray().Select(rate => rate.GetDouble())];

        Assert.Equal(12, expected.Length);
        for (int step = 0; step < expected.Length; step++)
            Assert.Equal(expected[step], schedule.Rate(step, expected.Length, baseRate), Tolerance);
    }

    [Fact]
    public void Rate_GoldenSchedules_AreAllKnownHere()
    {
        string[] tested = [.. typeof(LearningRateScheduleTests).GetMethod(nameof(Rate_TwelveSteps_EqualsPyTorch))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>().Select(data => (string)data.Data[0]!)];
        Assert.Equal(
            GoldenParts.Json("optim.json").GetProperty("schedules").EnumerateObject().Select(entry => entry.Name).Order(),
            tested.Order());
    }

    [Fact]
    public void Factor_WarmupMultiStep_IsTheReferencesFormula()
    {
        var schedule = new MultiStepSchedule { Milestones = [3, 8], Gamma = 0.1, WarmupSteps = 5, WarmupFactor = 0.2 };

        // w(t) = f·(1 − t/T) + t/T with f 0.2 and T 5, times 0.1 from step 3 and again from step 8.
        double[] expected = [0.2, 0.36, 0.52, 0.068, 0.084, 0.1, 0.1, 0.1, 0.01, 0.01];
        for (int step = 0; step < expected.Length; step++)
            Assert.Equal(expected[step], schedule.Factor(step, 10), Tolerance);
    }

    [Fact]
    public void Factor_CosineWithWarmupAndFloor_RisesThenFallsToTheFloor()
    {
        var schedule = new CosineSchedule { WarmupSteps = 10, WarmupFactor = 0.1, Floor = 0.05 };
        double[] factors = [.. Enumerable.Range(0, 111).Select(step => schedule.Factor(step, 110))];

        Assert.Equal(0.1, factors[0], Tolerance);
        Assert.Equal(0.55, factors[5], Tolerance);
        Assert.Equal(1, factors[10], Tolerance);
        Assert.Equal(0.05 + 0.95 / 2, factors[60], 1e-12);
        Assert.Equal(0.05, factors[110], Tolerance);
        for (int step = 1; step <= 10; step++)
            Assert.True(factors[step] > factors[step - 1]);
        for (int step = 11; step <= 110; step++)
            Assert.True(factors[step] < factors[step - 1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void Factor_LinearAndPolynomialAfterWarmup_StartFromTheBaseRate(long warmup)
    {
        Assert.Equal(1, new LinearSchedule { WarmupSteps = warmup }.Factor(warmup, 50), Tolerance);
        Assert.Equal(1, new PolynomialSchedule { WarmupSteps = warmup }.Factor(warmup, 50), Tolerance);
        Assert.Equal(0.5, new LinearSchedule { WarmupSteps = warmup }.Factor(warmup + 20, warmup + 40), Tolerance);
        Assert.Equal(0.25, new PolynomialSchedule { WarmupSteps = warmup, Power = 2 }.Factor(warmup + 20, warmup + 40), Tolerance);
    }

    [Theory]
    [MemberData(nameof(EverySchedule))]
    public void Factor_AnyRun_IsAFiniteShare(LearningRateSchedule schedule)
    {
        Assert.Empty(schedule.FindFaults());
        foreach (long total in new long[] { 1, 2, 3, 7, 10, 11, 50, 1000 })
        {
            for (long step = 0; step <= total + 3; step++)
                Assert.InRange(schedule.Factor(step, total), 0, 1);
            Assert.Equal(schedule.Factor(total, total), schedule.Factor(total + 1_000_000, total));
        }
    }

    [Theory]
    [MemberData(nameof(EverySchedule))]
    public void Json_RoundTrip_GivesAnEqualSchedule(LearningRateSchedule schedule)
    {
        var options = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
        string json = JsonSerializer.Serialize(schedule, options);

        Assert.StartsWith("{\"name\":\"", json);
        Assert.Equal(schedule, JsonSerializer.Deserialize<LearningRateSchedule>(json, options));
    }

    [Fact]
    public void Factor_OutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantSchedule().Factor(-1, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantSchedule().Factor(0, 0));
    }

    [Fact]
    public void FindFaults_BadSettings_ListsAll()
    {
        Faulty(new CosineSchedule { WarmupSteps = -1, WarmupFactor = 2, Floor = double.NaN }, "WarmupSteps", "WarmupFactor", "Floor");
        Faulty(new ConstantSchedule { InitialSteps = -1, InitialFactor = 2 }, "InitialSteps", "InitialFactor");
        Faulty(new StepSchedule { StepSize = 0, Gamma = -1 }, "StepSize", "Gamma");
        Faulty(new MultiStepSchedule { Milestones = [5, 5], Gamma = 2 }, "Gamma", "Milestones");
        Faulty(new MultiStepSchedule { Milestones = [0] }, "Milestones");
        Faulty(new ExponentialSchedule { Gamma = 1.1 }, "Gamma");
        Faulty(new LinearSchedule { StartFactor = -1, EndFactor = 2, Steps = 0 }, "StartFactor", "EndFactor", "Steps");
        Faulty(new PolynomialSchedule { Power = 0 }, "Power");
        Faulty(new OneCycleSchedule { RisingPart = 2, StartDivisor = 0, EndDivisor = double.PositiveInfinity }, "RisingPart", "StartDivisor", "EndDivisor");

        static void Faulty(LearningRateSchedule schedule, params string[] options) =>
            Assert.Equal(options, schedule.FindFaults().Select(fault => fault.Option));
    }

    [Fact]
    public void Equals_MultiStep_ComparesMilestones()
    {
        var schedule = new MultiStepSchedule { Milestones = [1, 2] };
        Assert.Equal(schedule, new MultiStepSchedule { Milestones = [1, 2] });
        Assert.Equal(schedule.GetHashCode(), new MultiStepSchedule { Milestones = [1, 2] }.GetHashCode());
        Assert.NotEqual(schedule, new MultiStepSchedule { Milestones = [1, 3] });
        Assert.NotEqual(schedule, schedule with { Gamma = 0.5 });
        Assert.NotEqual(schedule, schedule with { WarmupSteps = 1 });
    }
}
