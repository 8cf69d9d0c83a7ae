using Microsoft.ML;
using Microsoft.ML.Data;

namespace SamSegmentation.ML.Tests.Pipeline;

/// <summary>Reads data views in tests.</summary>
internal static class Rows
{
    /// <summary>A column's values, row by row; vectors as arrays of their own.</summary>
    public static List<T> Values<T>(IDataView data, string column, Random? rand = null)
    {
        var values = new List<T>();
        using var cursor = data.GetRowCursor([data.Schema[column]], rand);
        var getter = cursor.GetGetter<T>(data.Schema[column]);
        while (cursor.MoveNext())
        {
            T value = default!;
            getter(ref value);
            values.Add(value);
        }
        return values;
    }

    /// <summary>A text column's values.</summary>
    public static List<string> Texts(IDataView data, string column, Random? rand = null) =>
        [.. Values<ReadOnlyMemory<char>>(data, column, rand).Select(text => text.ToString())];

    /// <summary>A vector column's values.</summary>
    public static List<T[]> Vectors<T>(IDataView data, string column, Random? rand = null) =>
        [.. Values<VBuffer<T>>(data, column, rand).Select(vector => vector.DenseValues().ToArray())];

    /// <summary>A text annotation of a column.</summary>
    public static string[] Annotation(IDataView data, string column, string kind = "KeyValues")
    {
        VBuffer<ReadOnlyMemory<char>> value = default;
        data.Schema[column].Annotations.GetValue(kind, ref value);
        return [.. value.DenseValues().Select(text => text.ToString())];
    }
}
