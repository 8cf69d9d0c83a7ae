using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Settings;
using SamSegmentation.Cli.Settings.Knobs;
using Xunit;

namespace SamSegmentation.Cli.Tests.Settings;

public sealed class DocumentationTests
{
    [Fact]
    public void Cli_ItsTable_HasEverySettingWithItsDefaultAndNoOther()
    {
        var rows = File.ReadAllLines(RepositoryFiles.PathOf("docs/cli.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Contains("| `--", StringComparison.Ordinal));

        Assert.Equal(string.Join('\n', SamSegKnobs.Table.Knobs.Select(Row)), string.Join('\n', rows));
    }

    private static string Row(Knob<SamSegSettings> knob) =>
        $"| `{knob.Key}` | `{knob.Option}` | {Commands(knob)} | {knob.Show(SamSegSettings.Default)} | {knob.Help} |";

    private static string Commands(Knob<SamSegSettings> knob)
    {
        var letters = new[] { ('t', SamSegKnobs.OfTrain), ('m', SamSegKnobs.OfEmbed), ('e', SamSegKnobs.OfEvaluate), ('p', SamSegKnobs.OfPredict), ('x', SamSegKnobs.OfExport), ('i', SamSegKnobs.OfInspectDataset), ('a', SamSegKnobs.OfInspectAugmentation) };
        return string.Join(' ', letters.Where(one => one.Item2.Contains(knob)).Select(one => one.Item1));
    }
}
