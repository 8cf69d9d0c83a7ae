using System.Globalization;
using System.Text;

namespace SamSegmentation.Cli.Inspection;

/// <summary>Writes a <see cref="DatasetReport"/> for people.</summary>
internal static class DatasetText
{
    private const int SizesShown = 5;

    /// <summary>Lays the report out as lines.</summary>
    /// <param name="report">What was found.</param>
    public static string Render(DatasetReport report)
    {
        var text = new StringBuilder();
        var bad = report.Problems.Select(problem => problem.Id).Distinct().Count();
        text.AppendLine($"{report.Name,-12}{report.Usable} image(s) can be used, {bad} cannot");
        var shown = report.Sizes.Take(SizesShown).Select(size => $"{size.Width}×{size.Height} ({size.Images})");
        var more = report.Sizes.Count - SizesShown;
        text.AppendLine($"{"sizes",-12}{string.Join(", ", shown)}{(more > 0 ? $" and {more} more" : "")}");

        var all = report.Pixels.Sum() + report.VoidPixels;
        string[][] rows =
        [
            ["id", "class", "images", "pixels"],
            .. report.ClassNames.Select((name, id) => Row($"{id}", name, $"{report.Images[id]}", report.Pixels[id])),
            Row("", "void", "", report.VoidPixels),
        ];
        int[] widths = [.. Enumerable.Range(0, 4).Select(column => rows.Max(row => row[column].Length))];
        text.AppendLine();
        foreach (var row in rows)
            text.AppendLine($"{row[0].PadLeft(widths[0])}  {row[1].PadRight(widths[1])}  {row[2].PadLeft(widths[2])}  {row[3].PadLeft(widths[3])}");
        return text.ToString();

        string[] Row(string id, string name, string images, long pixels) =>
            [id, name, images, all == 0 ? "-" : (100.0 * pixels / all).ToString("F2", CultureInfo.InvariantCulture) + " %"];
    }
}
