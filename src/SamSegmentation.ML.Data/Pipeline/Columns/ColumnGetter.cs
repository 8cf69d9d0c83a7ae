using Microsoft.ML;

namespace SamSegmentation.ML.Pipeline.Columns;

/// <summary>What all our rows share in handing out getters.</summary>
internal static class ColumnGetter
{
    /// <summary>The getter of an active column as the type that the caller wants.</summary>
    /// <param name="column">The column.</param>
    /// <param name="getter">Its getter; null when the column is not active.</param>
    /// <exception cref="InvalidOperationException">The column is not active, or of another type.</exception>
    public static ValueGetter<TValue> Typed<TValue>(DataViewSchema.Column column, Delegate? getter) => getter switch
    {
        ValueGetter<TValue> typed => typed,
        null => throw new InvalidOperationException($"Column '{column.Name}' was not asked for when this row was made, so that it has no values."),
        _ => throw new InvalidOperationException($"Column '{column.Name}' is {column.Type} ({column.Type.RawType}); it cannot be read as {typeof(TValue)}."),
    };

    /// <summary>Which of a schema's columns are among the given ones.</summary>
    public static bool[] Active(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var active = new bool[schema.Count];
        foreach (var column in columns)
        {
            if (column.Index >= active.Length || schema[column.Index].Name != column.Name)
                throw new ArgumentException($"Column '{column.Name}' is not one of this data view's: {string.Join(", ", schema.Select(own => own.Name))}.", nameof(columns));
            active[column.Index] = true;
        }
        return active;
    }
}
