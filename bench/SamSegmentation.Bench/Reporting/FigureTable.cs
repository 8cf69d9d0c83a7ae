using System.Globalization;
using System.Text;
using SamSegmentation.Bench.Measuring;

namespace SamSegmentation.Bench.Reporting;

/// <summary>Lays figures out as aligned text.</summary>
internal static class FigureTable
{
    private const string None = "";

    internal static string Render(IReadOnlyList<MeasureResult> results)
    {
        List<string[]> rows = [["figure", "value", "ratio", "(least to most)", "(processor)", "to", "goal"]];
        foreach (var result in results)
        {
            rows.AddRange(result.Figures.Select(Row));
            if (result.Error is not null)
                rows.Add([$"{result.Name}: FAILED", None, None, None, None, result.Error, None]);
        }
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
            text.AppendLine(Line(row, widths));
        return text.ToString();
    }

    private static string[] Row(Figure figure) =>
    [
        figure.Name, $"{Number(figure.Value)} {figure.Unit}", Number(figure.Ratio),
        figure.Least is null ? None : $"({Number(figure.Least)} to {Number(figure.Most)})",
        figure.ProcessorRatio is null ? None : $"({Number(figure.ProcessorRatio)})", figure.To ?? None, Aim(figure),
    ];

    private static string Aim(Figure figure) => figure.Goal is { } goal ? goal.Text(figure.Unit) + (goal.IsMet(figure) ? None : ", MISSED") : None;

    // Names to the left, numbers to the right.
    private static string Line(string[] row, int[] widths) =>
        string.Join("  ", row.Select((cell, i) => i is >= 1 and <= 4 ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd();

    private static string Number(double? value) => value switch
    {
        null => None,
        >= 100 or <= -100 => value.Value.ToString("F0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("G3", CultureInfo.InvariantCulture),
    };
}
