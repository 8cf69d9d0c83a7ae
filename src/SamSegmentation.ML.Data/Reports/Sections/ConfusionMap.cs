using SamSegmentation.ML.Reports.Html;
using SamSegmentation.ML.Reports.Pictures;

namespace SamSegmentation.ML.Reports.Sections;

/// <summary>A confusion matrix as a table of coloured cells, or, of many classes, as a picture.</summary>
internal static class ConfusionMap
{
    // A table of more would be slow to show, and nobody could read it.
    private const int MostInTable = 40;

    // From here on white letters are easier to read than dark ones, on both themes.
    private const double FullShare = 0.55;

    private static readonly Markup s_full = new(" class=\"full\"");

    /// <summary>Draws the matrix.</summary>
    /// <param name="classNames">The classes' names.</param>
    /// <param name="counts">Pixels <c>[truth][prediction]</c>; null where they were not kept.</param>
    public static Markup Render(IReadOnlyList<string> classNames, IReadOnlyList<IReadOnlyList<long>>? counts) => counts is null || counts.Count > ConfusionPicture.MaxClasses
        ? Markup.Of($"""<p class="quiet">A matrix of more than {ConfusionPicture.MaxClasses} classes is not shown.</p>""")
        : Markup.Of($"""
        <p class="quiet">A row is a true class, a column a predicted one; the percentages are shares of the true class's pixels.</p>
        <div class="wide">{(classNames.Count <= MostInTable ? Table(classNames, counts) : Picture(classNames, counts))}</div>

        """);

    private static Markup Table(IReadOnlyList<string> classNames, IReadOnlyList<IReadOnlyList<long>> counts) => Markup.Of($"""
        <table class="confusion">
        <thead><tr><th></th>{classNames.Select(name => Markup.Of($"""<th scope="col"><span>{name}</span></th>"""))}</tr></thead>
        <tbody>
        {counts.Select((row, truth) => Row(classNames, row, truth))}
        </tbody>
        </table>
        """);

    private static Markup Row(IReadOnlyList<string> classNames, IReadOnlyList<long> row, int truth)
    {
        var all = row.Sum();
        return Markup.Of($"""
            <tr><th scope="row">{classNames[truth]}</th>{row.Select((pixels, prediction) => Cell(pixels, prediction))}</tr>

            """);

        Markup Cell(long pixels, int prediction)
        {
            if (all == 0)
                return Markup.Of($"""<td class="none"></td>""");
            var share = (double)pixels / all;
            return Markup.Of($"""<td{(share > FullShare ? s_full : default)} style="--s:{share:0.###}" title="{classNames[truth]} taken for {classNames[prediction]}: {pixels:N0} pixels, {100 * share:F2} %">{(pixels == 0 ? "" : Text(share))}</td>""");
        }
    }

    private static string Text(double share) => share < 0.005 ? "·" : $"{Math.Round(100 * share):0}";

    private static Markup Picture(IReadOnlyList<string> classNames, IReadOnlyList<IReadOnlyList<long>> counts)
    {
        var png = ConfusionPicture.Draw(classNames, counts).EncodePng();
        return Markup.Of($"""<img class="matrix" alt="The confusion matrix of {classNames.Count} classes" src="data:image/png;base64,{Convert.ToBase64String(png)}">""");
    }
}
