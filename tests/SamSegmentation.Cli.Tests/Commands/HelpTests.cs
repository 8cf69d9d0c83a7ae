using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Settings;
using SamSegmentation.Cli.Settings.Knobs;
using Xunit;

namespace SamSegmentation.Cli.Tests.Commands;

public sealed class HelpTests
{
    private static readonly Dictionary<string, IReadOnlyList<Knob<SamSegSettings>>> s_knobs = new()
    {
        ["train"] = SamSegKnobs.OfTrain,
        ["evaluate"] = SamSegKnobs.OfEvaluate,
        ["predict"] = SamSegKnobs.OfPredict,
        ["embed"] = SamSegKnobs.OfEmbed,
        ["export"] = SamSegKnobs.OfExport,
        ["inspect dataset"] = SamSegKnobs.OfInspectDataset,
        ["inspect augmentation"] = SamSegKnobs.OfInspectAugmentation,
    };

    public static TheoryData<string> Commands => [.. s_knobs.Keys];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_EveryOption_IsThereOnceWithItsDefault(string command)
    {
        var run = await SamSeg.RunAsync([.. command.Split(' '), "--help"]);

        Assert.Equal(0, run.Code);
        var lines = run.Output.Split(Environment.NewLine);
        foreach (var knob in s_knobs[command])
        {
            var line = Assert.Single(lines, line => line.TrimStart().StartsWith(knob.Option + " ", StringComparison.Ordinal));
            Assert.EndsWith($"{knob.Help} [default: {knob.Show(SamSegSettings.Default)}]", line, StringComparison.Ordinal);
        }
        Assert.Contains(lines, line => line.TrimStart().StartsWith("--config <FILE>", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Help_OfTheProgram_ListsTheCommands()
    {
        var run = await SamSeg.RunAsync("--help");

        Assert.All(s_knobs.Keys.Select(name => name.Split(' ')[0]), command => Assert.Contains($"{Environment.NewLine}  {command} ", run.Output, StringComparison.Ordinal));
    }
}
