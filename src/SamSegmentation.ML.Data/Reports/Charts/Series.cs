namespace SamSegmentation.ML.Reports.Charts;

/// <summary>A curve of a chart.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Points">Its points, by step; where a value is no finite number, the curve is broken.</param>
/// <param name="IsFine">Whether it is drawn thin: many points, of which a better curve beside it is a mean.</param>
internal sealed record Series(string Name, IReadOnlyList<(double Step, double Value)> Points, bool IsFine = false)
{
    private const int MostPoints = 500;

    /// <summary>At most about <see cref="MostPoints"/> of the points: of neighbours the lowest and the highest, so that peaks stay.</summary>
    public IReadOnlyList<(double Step, double Value)> Thinned
    {
        get
        {
            if (Points.Count <= MostPoints)
                return Points;
            var size = (int)Math.Ceiling(2.0 * Points.Count / MostPoints);
            return [.. Points.Chunk(size).SelectMany(Extremes)];
        }
    }

    // A value that is no number is kept as well: it shows where a run went astray.
    private static IEnumerable<(double, double)> Extremes((double Step, double Value)[] neighbours)
    {
        var finite = neighbours.Where(point => double.IsFinite(point.Value)).ToArray();
        if (finite.Length == 0)
            return [neighbours[0]];
        return new[] { finite.MinBy(point => point.Value), finite.MaxBy(point => point.Value) }.Distinct().OrderBy(point => point.Step);
    }
}
