using Microsoft.ML;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline.Columns;

namespace SamSegmentation.ML.Pipeline;

/// <summary>Counts a data view's predictions against its labels.</summary>
internal static class SegmentationEvaluator
{
    private const string PredictionRole = "predicted label";

    public static SegmentationMetrics Evaluate(
        IDataView data, string labelColumnName, string predictedLabelColumnName, IReadOnlyList<string>? classNames, ColorMap? labelColors)
    {
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(predictedLabelColumnName);
        var label = LabelColumn.Find(data.Schema, labelColumnName);
        var predicted = LabelColumn.Find(data.Schema, predictedLabelColumnName, PredictionRole);
        var names = classNames ?? ClassNames.Find(predicted) ?? ClassNames.Find(label)
            ?? throw new ArgumentException(
                $"Neither column '{predicted.Name}' nor column '{label.Name}' carries the classes' names (annotation {ClassNames.OfLabels}); pass them.", nameof(classNames));
        var matrix = new ConfusionMatrix(names.Count, LabelVector.VoidIdOf(names.Count));

        var columns = new LabelColumn(labelColors);
        using var cursor = data.GetRowCursor([label, predicted]);
        var readLabel = columns.Reader(cursor, label);
        var readPredicted = columns.Reader(cursor, predicted);
        var rows = 0L;
        for (; cursor.MoveNext(); rows++)
            Count(matrix, readLabel(), readPredicted(), cursor.Position, label.Name, predicted.Name);
        return rows > 0
            ? matrix.ToMetrics(names)
            : throw new InvalidOperationException($"There are no rows to evaluate: the data view with columns '{label.Name}' and '{predicted.Name}' is empty.");
    }

    private static void Count(ConfusionMatrix matrix, LabelPixels truth, LabelPixels prediction, long row, string label, string predicted)
    {
        if (!truth.Fits(prediction))
            throw new SegmentationDataException(label, row, $"the label is {truth.Describe()}, the prediction in column '{predicted}' {prediction.Describe()}.");
        try
        {
            matrix.Add(truth.Ids, prediction.Ids);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new SegmentationDataException(e.ParamName == "truth" ? label : predicted, row, e.Message, e);
        }
    }
}
