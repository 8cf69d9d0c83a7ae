using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName) => data.GetColumn<T>(data.Schema[columnName]);

    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckNonEmpty(column.Name, nameof(column));
        var own = data.Schema[column.Index];
        if (own.Name != column.Name || own.Type != column.Type)
            throw Contracts.ExceptParam(nameof(column), $"column with name {column.Name}, type {column.Type}, and index {column.Index} cannot be found in data");
        if (column.Type.RawType == typeof(T))
            return Values<T>(data, column);
        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
            return (IEnumerable<T>)Values<ReadOnlyMemory<char>>(data, column).Select(text => text.ToString());
        if (typeof(T).IsArray)
        {
            if (column.Type is not VectorDataViewType vector)
                throw Contracts.ExceptParam(nameof(column), $"Cannot load vector type, {column.Type}, specified in column to the user-defined type, {typeof(T)}.");
            if (typeof(T).GetElementType() == vector.ItemType.RawType)
                return GenericCall.Invoke<IEnumerable<T>>(Arrays<int>, vector.ItemType.RawType, data, column);
            if (typeof(T) == typeof(string[]) && vector.ItemType is TextDataViewType)
                return (IEnumerable<T>)Arrays<ReadOnlyMemory<char>>(data, column).Select(texts => Array.ConvertAll(texts, text => text.ToString()));
        }

        throw Contracts.ExceptParam(nameof(column), $"Cannot map column (name: {column.Name}, type: {column.Type}) in data to the user-defined type, {typeof(T)}.");
    }

    /// <summary>Each value may stand in the memory of the one before.</summary>
    private static IEnumerable<T> Values<T>(IDataView data, DataViewSchema.Column column)
    {
        using var cursor = data.GetRowCursor([column]);
        var get = cursor.GetGetter<T>(column);
        T value = default;
        while (cursor.MoveNext())
        {
            get(ref value);
            yield return value;
        }
    }

    private static IEnumerable<T[]> Arrays<T>(IDataView data, DataViewSchema.Column column)
    {
        foreach (var vector in Values<VBuffer<T>>(data, column))
        {
            var items = new T[vector.Length];
            vector.CopyTo(items);
            yield return items;
        }
    }
}
