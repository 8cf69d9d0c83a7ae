using Microsoft.ML;
using Microsoft.ML.Runtime;

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
        foreach (var name in columns.OutputNames.Prepend(columns.Image))
            ctx.SaveNonEmptyString(name);
        ctx.Writer.Write((int)columns.Outputs);
        ctx.Writer.Write(transformer.SavedBatchSize);
    }

    /// <param name="ctx">Where it is read.</param>
    /// <param name="leastRows">The fewest rows in a batch that mean something: 0 where the device may decide.</param>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public static (SegmentationColumns Columns, int BatchSize) Read(ModelLoadContext ctx, int leastRows = 1)
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
        if ((columns.Outputs & ~SegmentationOutputs.All) != 0 || batchSize < leastRows)
            throw new FormatException($"Corrupt model file: outputs {(int)columns.Outputs}, batches of {batchSize}.");
        return (columns, batchSize);
    }

    /// <summary>The folder for files that live as long as a call, or as a network.</summary>
    public static string TemporaryFolderOf(IHostEnvironment env) => ((IHostEnvironmentInternal)env).TempFilePath;

    /// <summary>Reads a stream that stands beside the component's own.</summary>
    /// <exception cref="FormatException">The file has none of that name.</exception>
    public static T ReadStream<T>(ModelLoadContext ctx, string name, Func<Stream, T> read)
        where T : class
    {
        T? found = null;
        return ctx.TryLoadBinaryStream(name, reader => found = read(reader.BaseStream))
            ? found!
            : throw new FormatException($"Corrupt model file: the stream '{name}' of the segmentation transformer is missing.");
    }

    /// <summary>What to throw when such a stream holds something else than it should.</summary>
    public static FormatException Damaged(string name, Exception reason) =>
        new($"Corrupt model file: the stream '{name}' of the segmentation transformer: {reason.Message}", reason);
}
