using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Pipeline.Columns;

namespace SamSegmentation.ML.Pipeline.Scoring;

/// <summary>A column that a transformer adds.</summary>
/// <param name="Column">Its name, type and annotations.</param>
/// <param name="CreateGetter">Makes the getter over the current row's prediction.</param>
internal sealed record SegmentationOutput(DataViewSchema.DetachedColumn Column, Func<Func<RowPrediction>, Delegate> CreateGetter)
{
    /// <summary>The columns of a transformer, in their order.</summary>
    public static IReadOnlyList<SegmentationOutput> Of(SegmentationTransformer parent)
    {
        var (columns, names, colors) = (parent.ColumnNames, parent.ClassNames, parent.Colors);
        var outputs = new List<SegmentationOutput>
        {
            new(
                new(columns.PredictedLabel, LabelVector.TypeOf(names.Count), Columns.ClassNames.ToAnnotations(names)),
                LabelVector.IsWide(names.Count)
                    ? current => (ValueGetter<VBuffer<ushort>>)((ref VBuffer<ushort> value) => LabelVector.Fill(current().Labels.Ids, ref value))
                    : current => (ValueGetter<VBuffer<byte>>)((ref VBuffer<byte> value) => LabelVector.Fill(current().Labels.Ids, ref value))),
            new(new(columns.PredictedHeight, NumberDataViewType.Int32), current => (ValueGetter<int>)((ref int value) => value = current().Height)),
            new(new(columns.PredictedWidth, NumberDataViewType.Int32), current => (ValueGetter<int>)((ref int value) => value = current().Width)),
        };
        if (columns.Outputs.HasFlag(SegmentationOutputs.Score))
        {
            outputs.Add(new(
                new(columns.Score, new VectorDataViewType(NumberDataViewType.Single), Columns.ClassNames.ToAnnotations(names, Columns.ClassNames.OfScores)),
                current => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
                    VBuffer<float>.Copy(current().Probabilities, 0, ref value, current().Probabilities.Length))));
        }
        if (columns.Outputs.HasFlag(SegmentationOutputs.MaskImage))
            outputs.Add(Image(columns.PredictedMaskImage, prediction => prediction.DrawMask(colors)));
        if (columns.Outputs.HasFlag(SegmentationOutputs.Overlay))
            outputs.Add(Image(columns.PredictedOverlay, prediction => prediction.DrawOverlay(colors)));
        return outputs;
    }

    // The image before is not disposed: whoever holds a row's objects may still look at it.
    private static SegmentationOutput Image(string name, Func<RowPrediction, MLImage> draw) =>
        new(new(name, AnyImage.Type), current => (ValueGetter<MLImage>)((ref MLImage value) => value = draw(current())));
}
