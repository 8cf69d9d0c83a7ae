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
        text.AppendLine($"{report.Name,-12}{report.Usable} image(s) can be used, {report.Unusable} cannot");
        var shown = report.Sizes.Take(SizesShown).Select(size => $"{size.Width}×{size.Height} ({size.Images})");
        var more = report.Sizes.Count - SizesShown;
        text.AppendLine($"{"sizes",-12}{string.Join(", ", shown)}{(more > 0 ? $" and {more} more" : "")}");
        if (report is { Widths: { } widths, Heights: { } heights })
            text.AppendLine($"{"width",-12}{Range(widths)}, height {Range(heights)}");

        string[][] rows =
        [
            ["id", "class", "images", "pixels", "share"],
            .. report.ClassNames.Select((name, id) => Row($"{id}", name, $"{report.Images[id]}", report.Pixels[id])),
            Row("", "void", "", report.VoidPixels),
        ];
        int[] columns = [.. Enumerable.Range(0, 5).Select(column => rows.Max(row => row[column].Length))];
        text.AppendLine();
        foreach (var row in rows)
            text.AppendLine($"{row[0].PadLeft(columns[0])}  {row[1].PadRight(columns[1])}  {row[2].PadLeft(columns[2])}  {row[3].PadLeft(columns[3])}  {row[4].PadLeft(columns[4])}");
        return text.ToString();

        string[] Row(string id, string name, string images, long pixels) =>
            [id, name, images, pixels.ToString("N0", CultureInfo.InvariantCulture), report.AllPixels == 0 ? "-" : (100.0 * pixels / report.AllPixels).ToString("F2", CultureInfo.InvariantCulture) + " %"];
    }

    private static string Range((int Least, int Most) sides) => sides.Least == sides.Most ? $"{sides.Least}" : $"{sides.Least} to {sides.Most}";
}
