using System.Globalization;
using System.Text.RegularExpressions;

namespace SamSegmentation.Samples.Tests;

/// <summary>The mean IoU in a printed table of metrics.</summary>
internal static partial class MeanIoU
{
    public static double In(string table)
    {
        var match = Row().Match(table);
        return match.Success
            ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new FormatException($"No line begins with 'mean IoU':\n{table}");
    }

    [GeneratedRegex(@"^mean IoU\s+([0-9.]+)", RegexOptions.Multiline)]
    private static partial Regex Row();
}
