using System.Globalization;
using System.Text;

namespace SamSegmentation.ML.Evaluation;

/// <summary>Lays metrics out as aligned text.</summary>
internal static class MetricsTable
{
    private static readonly string[] s_header = ["id", "class", "IoU", "Dice", "accuracy", "pixels"];

    internal static string Render(SegmentationMetrics metrics)
    {
        var rows = new List<string[]> { s_header };
        for (int id = 0; id < metrics.ClassNames.Count; id++)
        {
            rows.Add([
                id.ToString(CultureInfo.InvariantCulture), metrics.ClassNames[id],
                Fraction(metrics.PerClassIoU[id]), Fraction(metrics.PerClassDice[id]),
                Fraction(metrics.PerClassAccuracy[id]), Share(metrics.PerClassPixels[id], metrics.Pixels)]);
        }
        int[] widths = [.. Enumerable.Range(0, s_header.Length).Select(column => rows.Max(row => row[column].Length))];

        var text = new StringBuilder();
        foreach (string[] row in rows)
            AppendRow(text, row, widths);

        var summary = new (string Name, double Value)[]
        {
            ("mean IoU", metrics.MeanIoU),
            ("foreground mean IoU", metrics.ForegroundMeanIoU),
            ("mean Dice", metrics.MeanDice),
            ("mean accuracy", metrics.MeanAccuracy),
            ("pixel accuracy", metrics.PixelAccuracy),
            ("frequency-weighted IoU", metrics.FrequencyWeightedIoU),
        };
        int nameWidth = summary.Max(line => line.Name.Length);
        text.Append('\n');
        foreach ((string name, double value) in summary)
            text.Append(name.PadRight(nameWidth)).Append("  ").Append(Fraction(value)).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"{metrics.ClassesCounted} of {metrics.ClassNames.Count} classes counted");
        int absent = metrics.ClassNames.Count - metrics.ClassesCounted;
        if (absent > 0)
            text.Append(CultureInfo.InvariantCulture, $"; {absent} neither present nor predicted");
        return text.Append('\n').ToString();
    }

    private static void AppendRow(StringBuilder text, string[] row, int[] widths)
    {
        for (int column = 0; column < row.Length; column++)
        {
            if (column > 0)
                text.Append("  ");
            // The name is words, everything else numbers.
            text.Append(column == 1 ? row[column].PadRight(widths[column]) : row[column].PadLeft(widths[column]));
        }
        text.Append('\n');
    }

    private static string Fraction(double? value) =>
        value is { } number && !double.IsNaN(number) ? number.ToString("F4", CultureInfo.InvariantCulture) : "-";

    private static string Share(long part, long all) =>
        all == 0 ? "-" : (100.0 * part / all).ToString("F2", CultureInfo.InvariantCulture) + " %";
}
