using Microsoft.ML;
using Microsoft.ML.Data;

namespace SamSegmentation.ML.Pipeline.Columns;

/// <summary>
/// The classes' names as an annotation of a column, as ML.NET's own trainers pass them on: <c>KeyValues</c> on labels
/// and predicted labels, <c>TrainingLabelValues</c> on scores.
/// </summary>
internal static class ClassNames
{
    public const string OfLabels = "KeyValues";
    public const string OfScores = "TrainingLabelValues";

    /// <summary>Annotations that hold the names and nothing else.</summary>
    public static DataViewSchema.Annotations ToAnnotations(IReadOnlyList<string> names, string kind = OfLabels)
    {
        ReadOnlyMemory<char>[] texts = [.. names.Select(name => name.AsMemory())];
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(kind, TypeOf(texts.Length), (ref VBuffer<ReadOnlyMemory<char>> value) => VBuffer<ReadOnlyMemory<char>>.Copy(texts, 0, ref value, texts.Length));
        return builder.ToAnnotations();
    }

    /// <summary>The names that a column of labels carries; null when it carries none.</summary>
    public static IReadOnlyList<string>? Find(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(OfLabels) is not { Type: VectorDataViewType { ItemType: TextDataViewType } })
            return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.Annotations.GetValue(OfLabels, ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    public static VectorDataViewType TypeOf(int count) => new(TextDataViewType.Instance, count);
}
