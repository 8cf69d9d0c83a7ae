using System.Globalization;
using SamSegmentation.ML.Reports.Html;

namespace SamSegmentation.ML.Reports.Charts;

/// <summary>Curves over a run's steps, as SVG within the page.</summary>
/// <param name="title">What is shown.</param>
/// <param name="series">The curves; those without a finite value are left out.</param>
/// <param name="highest">The largest value that can be; null if there is none.</param>
internal sealed class Chart(string title, IEnumerable<Series> series, double? highest = null)
{
    private const int Width = 480;
    private const int Height = 250;
    private const int Left = 52;
    private const int Right = 12;
    private const int Top = 10;
    private const int Bottom = 26;
    private const int Colors = 6;

    // With more points, dots would be a line of their own.
    private const int MostDots = 60;

    private readonly Series[] _series = [.. series.Where(one => one.Points.Any(point => double.IsFinite(point.Value)))];

    /// <summary>Draws the chart; of nothing, it says so.</summary>
    public Markup Render()
    {
        if (_series.Length == 0)
            return Markup.Of($"""<figure class="chart"><figcaption>{title}</figcaption><p class="quiet">Nothing was measured yet.</p></figure>""");
        var points = _series.SelectMany(one => one.Points).ToArray();
        var values = points.Select(point => point.Value).Where(double.IsFinite).ToArray();
        var across = new Axis(0, points.Max(point => point.Step), 5, isWhole: true);
        var up = new Axis(Math.Min(0, values.Min()), Math.Min(highest ?? double.PositiveInfinity, Math.Max(values.Max(), 0)), 5);
        return Markup.Of($"""
            <figure class="chart">
            <figcaption>{title}</figcaption>
            <ul>{_series.Select((one, i) => Markup.Of($"""<li class="k{i % Colors}">{one.Name}</li>"""))}</ul>
            <svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{title}: {string.Join(", ", _series.Select(one => one.Name))}">
            {up.Marks.Select(mark => Markup.Of($"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{Y(mark):0.#}" y2="{Y(mark):0.#}"/><text x="{Left - 6}" y="{Y(mark) + 4:0.#}" text-anchor="end">{Text(mark, up)}</text>"""))}
            {across.Marks.Select(mark => Markup.Of($"""<text x="{X(mark):0.#}" y="{Height - 8}" text-anchor="middle">{Text(mark, across)}</text>"""))}
            {_series.Select((one, i) => Markup.Of($"""<g class="k{i % Colors}">{Curve(one)}{Dots(one)}</g>"""))}
            </svg>
            </figure>

            """);

        double X(double step) => Left + across.Part(step) * (Width - Left - Right);

        double Y(double value) => Height - Bottom - up.Part(Math.Min(value, up.High)) * (Height - Top - Bottom);

        Markup Curve(Series one) => Markup.Of($"""<path class="{(one.IsFine ? "curve fine" : "curve")}" d="{Path(one)}"/>""");

        string Path(Series one)
        {
            var moves = true;
            var path = new System.Text.StringBuilder();
            foreach (var (step, value) in one.Thinned)
            {
                if (double.IsFinite(value))
                    path.Append(CultureInfo.InvariantCulture, $"{(moves ? 'M' : 'L')}{X(step):0.#} {Y(value):0.#}");
                moves = !double.IsFinite(value);
            }
            return path.ToString();
        }

        IEnumerable<Markup> Dots(Series one) => one.IsFine || one.Points.Count > MostDots
            ? []
            : one.Points.Where(point => double.IsFinite(point.Value)).Select(point => Markup.Of(
                $"""<circle class="dot" cx="{X(point.Step):0.#}" cy="{Y(point.Value):0.#}" r="3"><title>{one.Name}: {point.Value:G6}, step {point.Step:0}</title></circle>"""));
    }

    // The same way along an axis.
    private static string Text(double mark, Axis axis) => mark.ToString(
        mark == 0 ? "0" : Math.Max(Math.Abs(axis.Low), Math.Abs(axis.High)) is >= 0.001 and < 1e6 ? "#,0.######" : "0.##e0", CultureInfo.InvariantCulture);
}
