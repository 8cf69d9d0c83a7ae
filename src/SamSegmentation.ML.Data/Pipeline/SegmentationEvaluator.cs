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
        var names = classNames ?? NamesOf(label, predicted)
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

    // Ids of other classes would be counted as errors, or by chance as hits.
    private static IReadOnlyList<string>? NamesOf(DataViewSchema.Column label, DataViewSchema.Column predicted)
    {
        var (truth, prediction) = (ClassNames.Find(label), ClassNames.Find(predicted));
        if (truth is null || prediction is null || truth.SequenceEqual(prediction))
            return prediction ?? truth;
        var different = Enumerable.Range(0, Math.Max(truth.Count, prediction.Count)).First(id => truth.ElementAtOrDefault(id) != prediction.ElementAtOrDefault(id));
        throw new ArgumentException(
            $"Column '{predicted.Name}' has other classes than column '{label.Name}': {prediction.Count} and {truth.Count}; class {different} is {Quote(prediction)} and {Quote(truth)}. "
            + "Predict with a model of the label's classes, or pass the names if they mean the same.");

        string Quote(IReadOnlyList<string> names) => different < names.Count ? $"'{names[different]}'" : "missing";
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
