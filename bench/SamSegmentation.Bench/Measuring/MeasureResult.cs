namespace SamSegmentation.Bench.Measuring;

/// <summary>What came of measuring a thing.</summary>
/// <param name="Name">The thing.</param>
/// <param name="Figures">Its figures; the process's peak memory is the last of them.</param>
/// <param name="Seconds">How long measuring took.</param>
/// <param name="Error">Why there are no figures.</param>
internal sealed record MeasureResult(string Name, IReadOnlyList<Figure> Figures, double Seconds, string? Error = null);
