using SamSegmentation.ML.Training.Data;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>A batch's labels, as the losses see them before any logit.</summary>
/// <param name="Targets">The labels.</param>
/// <param name="Setting">What the losses depend on.</param>
internal sealed record LossBatch(IReadOnlyList<TrainingTarget> Targets, LossSetting Setting)
{
    private long[]? _counts;

    /// <summary>The batch's pixels that are not void.</summary>
    public long ValidPixels { get; } = Targets.Sum(target => (long)target.ValidPixels);

    /// <summary>For each class the batch's pixels that belong to it.</summary>
    public long[] Counts => _counts ??= CountAll();

    private long[] CountAll()
    {
        var counts = new long[Setting.Classes];
        foreach (var target in Targets)
        {
            var own = ClassFrequencies.Count(target.Label.Ids, counts.Length, Setting.VoidId);
            for (var c = 0; c < counts.Length; c++)
                counts[c] += own[c];
        }
        return counts;
    }
}
