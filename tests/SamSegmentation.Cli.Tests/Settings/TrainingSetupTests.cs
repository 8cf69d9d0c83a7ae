using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Training;
using Xunit;

namespace SamSegmentation.Cli.Tests.Settings;

public sealed class TrainingSetupTests
{
    [Fact]
    public void Options_SettingsThatExcludeEachOther_AreAllReportedAtTheirPlaces()
    {
        var loaded = SettingsText.Read("""
            training:
              augmentation: { flip_probability: 0.5, views: 3 }
              optimizer:
                momentum: 0.5
                nesterov: true
                parts: { mask_decoder: {} }
              schedule:
                name: step
                floor: 0.5
            run:
              device: gpu
            """);

        var bad = Assert.Throws<ConfigurationException>(() => TrainingSetup.Options(loaded, DateTimeOffset.UnixEpoch));

        Assert.Equal(
            [
                "training.schedule.step_size",
                "settings.yaml:9:12",
                "settings.yaml:4:15",
                "settings.yaml:5:15",
                "settings.yaml:6:12",
                "settings.yaml:2:49",
                "settings.yaml:11:11",
            ],
            bad.Problems.Select(problem => problem.Place.Length > 0 ? problem.Place : problem.Key));
        Assert.Contains("training.schedule.floor: is not a setting of the step schedule", bad.Problems[1].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_NoRunFolder_IsNamedByTheTime()
    {
        var options = TrainingSetup.Options(SettingsText.Read(""), new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero));

        Assert.Equal(Path.Combine("runs", "20310203-040506"), options.RunFolder);
    }

    [Theory]
    [InlineData("3", "settings.yaml:3:12: training.optimizer.parts: expected sections such as mask_decoder.transformer: { learning_rate: 0.001, weight_decay: 0 }, found '3'")]
    [InlineData("{ a: 3 }", "settings.yaml:3:17: training.optimizer.parts.a: expected learning_rate or weight_decay or both, found '3'")]
    [InlineData("{ a: { learning_rat: 3 } }", "settings.yaml:3:19: training.optimizer.parts.a.learning_rat: unknown key (did you mean 'learning_rate'?)")]
    [InlineData("{ a: { weight_decay: -3 } }", "settings.yaml:3:33: training.optimizer.parts.a.weight_decay: expected a number of at least 0, found '-3'")]
    [InlineData("{ a: { weight_decay: 1, weight_decay: 2 } }", "settings.yaml:3:36: training.optimizer.parts.a.weight_decay: is there twice")]
    [InlineData("{ a: { weight_decay: 1 }, a: { weight_decay: 2 } }", "settings.yaml:3:38: training.optimizer.parts.a: is there twice")]
    public void Read_BadParts_AreReportedWithTheirPlace(string value, string expected)
    {
        var problems = new List<ConfigProblem>();

        SettingsText.Read($"training:\n  optimizer:\n    parts: {value}\n", problems);

        Assert.Equal([expected], problems.Select(problem => problem.ToString()));
    }
}
