using Microsoft.ML;

namespace SamSegmentation.ML.Pipeline.Saving;

/// <summary>What all segmentation transformers have in common in ML.NET's model files; docs/mlnet.md tells the layout.</summary>
internal static class SegmentationInFiles
{
    /// <summary>
    /// Writes, in the component's stream: texts — the names of the columns image, predicted label, height, width, score, mask
    /// image, overlay; int32 — the outputs on request, as flags; int32 — rows in a batch.
    /// </summary>
    public static void Write(ModelSaveContext ctx, SegmentationTransformer transformer)
    {
        var columns = transformer.ColumnNames;
        string[] names =
        [
            columns.Image, columns.PredictedLabel, columns.PredictedHeight, columns.PredictedWidth,
            columns.Score, columns.PredictedMaskImage, columns.PredictedOverlay,
        ];
        foreach (var name in names)
            ctx.SaveNonEmptyString(name);
        ctx.Writer.Write((int)columns.Outputs);
        ctx.Writer.Write(transformer.BatchSize);
    }

    /// <exception cref="FormatException">The file is damaged.</exception>
    public static (SegmentationColumns Columns, int BatchSize) Read(ModelLoadContext ctx)
    {
        var columns = new SegmentationColumns
        {
            Image = ctx.LoadNonEmptyString(),
            PredictedLabel = ctx.LoadNonEmptyString(),
            PredictedHeight = ctx.LoadNonEmptyString(),
            PredictedWidth = ctx.LoadNonEmptyString(),
            Score = ctx.LoadNonEmptyString(),
            PredictedMaskImage = ctx.LoadNonEmptyString(),
            PredictedOverlay = ctx.LoadNonEmptyString(),
            Outputs = (SegmentationOutputs)ctx.Reader.ReadInt32(),
        };
        var batchSize = ctx.Reader.ReadInt32();
        if ((columns.Outputs & ~SegmentationOutputs.All) != 0 || batchSize < 1)
            throw new FormatException($"Corrupt model file: outputs {(int)columns.Outputs}, batches of {batchSize}.");
        return (columns, batchSize);
    }
}
