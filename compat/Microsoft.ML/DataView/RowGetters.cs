using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>What all rows share in handing out getters.</summary>
internal static class RowGetters
{
    public const string NoCurrentRow =
        "Values cannot be fetched at this time. This method was called either before the first call to MoveNext, or at any point after that method returned false.";

    public static ValueGetter<TValue> Typed<TValue>(IExceptionContext context, Delegate getter) =>
        getter as ValueGetter<TValue>
        ?? throw context.Except($"Invalid TValue in GetGetter: '{typeof(TValue)}', expected type: '{getter.GetType().GetGenericArguments()[0]}'.");

    /// <summary>Which of the schema's columns are asked for.</summary>
    public static bool[] Active(IEnumerable<DataViewSchema.Column> columns, DataViewSchema schema)
    {
        Contracts.CheckValue(columns, "columnsNeeded");
        var active = new bool[schema.Count];
        foreach (var column in columns)
        {
            if (column.Index >= active.Length)
                throw Contracts.Except($"The requested column: {column} is not part of the sourceSchema");
            active[column.Index] = true;
        }

        return active;
    }
}
