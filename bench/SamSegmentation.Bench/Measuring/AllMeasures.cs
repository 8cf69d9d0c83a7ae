using SamSegmentation.Bench.Measures;

namespace SamSegmentation.Bench.Measuring;

/// <summary>Everything that is measured, in the table's order.</summary>
internal static class AllMeasures
{
    private static readonly IMeasure[] s_all =
    [
        new EncoderMeasure(),
        new OnnxMeasure(),
        new CacheMeasure(),
        new TrainingStepMeasure(),
        new DecoderMeasure(),
        new EpochMeasure(),
        new EmbeddingPassMeasure(),
        new EvaluationMeasure(),
        new ImageFilesMeasure(),
        new PredictionMeasure(),
        new ModelFileMeasure(),
    ];

    /// <summary>Those whose name holds a word; all without one.</summary>
    internal static IReadOnlyList<IMeasure> Find(string? word) =>
        [.. s_all.Where(measure => word is null || measure.Name.Contains(word, StringComparison.OrdinalIgnoreCase))];
}
