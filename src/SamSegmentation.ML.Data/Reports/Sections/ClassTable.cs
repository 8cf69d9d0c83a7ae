using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Reports.Html;
using SamSegmentation.ML.Reports.Pictures;

namespace SamSegmentation.ML.Reports.Sections;

/// <summary>The classes with their IoU, accuracy and pixels; a click on a heading sorts them.</summary>
internal static class ClassTable
{
    /// <summary>Writes the table. Each cell's <c>data-v</c> is its value with every digit, empty where there is none.</summary>
    /// <param name="classes">The classes.</param>
    public static Markup Render(IReadOnlyList<ClassMetrics> classes)
    {
        var all = classes.Sum(one => one.Pixels);
        return Markup.Of($"""
            <div class="wide"><table class="sortable">
            <thead><tr><th><button>id</button></th><th class="name"><button>class</button></th><th><button>IoU</button></th><th><button>accuracy</button></th><th><button>pixels</button></th><th><button>share</button></th></tr></thead>
            <tbody>
            {classes.Select(one => Row(one, all))}
            </tbody>
            </table></div>
            <p class="quiet">Accuracy is the share of a class's pixels that were found. Pixels are those of the labels, void left out.</p>

            """);
    }

    private static Markup Row(ClassMetrics one, long all)
    {
        var (r, g, b) = ClassColors.All[one.Id];
        return Markup.Of($"""
            <tr id="class-{one.Id}"><td data-v="{one.Id}">{one.Id}</td><td class="name" data-v="{one.Name}"><span class="swatch" style="background:rgb({r},{g},{b})"></span>{one.Name}</td>{Fraction(one.IoU, true)}{Fraction(one.Accuracy, false)}<td data-v="{one.Pixels}">{one.Pixels:N0}</td>{Percent(one.Pixels, all)}</tr>

            """);
    }

    private static Markup Fraction(double? value, bool withBar) => value is { } number && double.IsFinite(number)
        ? Markup.Of($"""<td data-v="{number:R}">{number:F4}{(withBar ? Bar(number) : default)}</td>""")
        : Markup.Of($"""<td data-v="">–</td>""");

    private static Markup Bar(double part) => Markup.Of($"""<span class="bar"><i style="width:{100 * part:F1}%"></i></span>""");

    private static Markup Percent(long pixels, long all) => all == 0
        ? Markup.Of($"""<td data-v="">–</td>""")
        : Markup.Of($"""<td data-v="{(double)pixels / all:R}">{100.0 * pixels / all:F2} %</td>""");
}
