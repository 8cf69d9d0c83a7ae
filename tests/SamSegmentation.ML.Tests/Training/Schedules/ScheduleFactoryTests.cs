using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Schedules;
using Xunit;

namespace SamSegmentation.ML.Tests.Training.Schedules;

public class ScheduleFactoryTests
{
    [Fact]
    public void Create_NameAlone_GivesTheDefaults()
    {
        Assert.Equal(new ConstantSchedule(), ScheduleFactory.Create("constant"));
        Assert.Equal(new LinearSchedule(), ScheduleFactory.Create("linear"));
        Assert.Equal(new PolynomialSchedule(), ScheduleFactory.Create("poly"));
        Assert.Equal(new CosineSchedule(), ScheduleFactory.Create("cosine"));
        Assert.Equal(new OneCycleSchedule(), ScheduleFactory.Create("one_cycle"));
        Assert.Equal(new StepSchedule { StepSize = 4 }, Create("step", ("step_size", "4")));
        Assert.Equal(new MultiStepSchedule { Milestones = [4] }, Create("multi_step", ("milestones", "4")));
        Assert.Equal(new ExponentialSchedule { Gamma = 0.5 }, Create("exponential", ("gamma", "0.5")));
    }

    [Fact]
    public void Create_EverySetting_IsRead()
    {
        Assert.Equal(
            new ConstantSchedule { InitialSteps = 3, InitialFactor = 0.5, WarmupSteps = 7, WarmupFactor = 0.1 },
            Create("constant", ("initial_steps", "3"), ("initial_factor", "0.5"), ("warmup_steps", "7"), ("warmup_factor", "1e-1")));
        Assert.Equal(new StepSchedule { StepSize = 3, Gamma = 0.5 }, Create("step", ("step_size", "3"), ("gamma", "0.5")));
        Assert.Equal(
            new MultiStepSchedule { Milestones = [3, 9], Gamma = 0.5 },
            Create("multi_step", ("milestones", "3, 9"), ("gamma", "0.5")));
        Assert.Equal(
            new LinearSchedule { StartFactor = 0.5, EndFactor = 0.25, Steps = 8 },
            Create("linear", ("start_factor", "0.5"), ("end_factor", "0.25"), ("steps", "8")));
        Assert.Equal(new PolynomialSchedule { Power = 2 }, Create("poly", ("power", "2")));
        Assert.Equal(new CosineSchedule { Floor = 0.5, WarmupSteps = 2 }, Create("cosine", ("floor", "0.5"), ("warmup_steps", "2")));
        Assert.Equal(
            new OneCycleSchedule { RisingPart = 0.5, StartDivisor = 2, EndDivisor = 3 },
            Create("one_cycle", ("rising_part", "0.5"), ("start_divisor", "2"), ("end_divisor", "3")));
    }

    [Fact]
    public void Create_UnknownName_ListsTheKnownOnes()
    {
        var error = Assert.Throws<InvalidTrainingOptionsException>(() => ScheduleFactory.Create("cosinus"));
        Assert.Contains(
            "'cosinus' is not known; expected constant, step, multi_step, exponential, linear, poly, cosine, one_cycle", error.Message);
    }

    [Fact]
    public void Names_Each_IsKnownToTheFactory()
    {
        Assert.Equal(8, ScheduleFactory.Names.Distinct().Count());
        foreach (string name in ScheduleFactory.Names)
        {
            var error = Assert.Throws<InvalidTrainingOptionsException>(() => Create(name, ("nonsense", "1")));
            Assert.Contains(error.Faults, fault => fault.Option == "nonsense" && fault.Reason.Contains($"the {name} schedule"));
        }
    }

    [Fact]
    public void Create_SeveralFaults_ReportsAllUnderTheirKeys()
    {
        var error = Assert.Throws<InvalidTrainingOptionsException>(() => Create(
            "multi_step", ("milestones", "3;9"), ("gamma", "much"), ("warmup_steps", "1.5"), ("warmup_factor", "7"), ("step_size", "3")));

        Assert.Equal(
            ["milestones", "gamma", "warmup_steps", "step_size", "warmup_factor"],
            error.Faults.Select(fault => fault.Option));
        Assert.Contains("'3;9'", error.Faults[0].Reason);
        Assert.Contains("gamma, milestones, warmup_factor, warmup_steps", error.Faults[3].Reason);
    }

    [Theory]
    [InlineData("step", "step_size")]
    [InlineData("multi_step", "milestones")]
    [InlineData("exponential", "gamma")]
    public void Create_MissingSetting_SaysWhich(string name, string key)
    {
        var error = Assert.Throws<InvalidTrainingOptionsException>(() => ScheduleFactory.Create(name));
        var fault = Assert.Single(error.Faults);
        Assert.Equal(key, fault.Option);
        Assert.Contains("missing", fault.Reason);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("0,5")]
    [InlineData("")]
    public void Create_NotANumber_Throws(string text) =>
        Assert.Throws<InvalidTrainingOptionsException>(() => Create("cosine", ("floor", text)));

    private static LearningRateSchedule Create(string name, params (string Key, string Value)[] settings) =>
        ScheduleFactory.Create(name, settings.ToDictionary(setting => setting.Key, setting => setting.Value));
}
