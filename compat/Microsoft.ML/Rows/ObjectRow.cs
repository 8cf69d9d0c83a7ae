using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The getters over the current object, of the columns that are asked for; shared by cursors and prediction engines.</summary>
internal sealed class ObjectRow<TRow>
    where TRow : class
{
    private readonly IExceptionContext _context;
    private readonly Delegate[] _getters;

    public ObjectRow(IExceptionContext context, RowClassColumn[] columns, Func<int, bool> isActive, Func<TRow> current)
    {
        _context = context;
        _getters = [.. columns.Select((column, i) => isActive(i) ? RowClassGetters<TRow>.Make(column, current) : null)];
    }

    public bool IsColumnActive(DataViewSchema.Column column)
    {
        if (column.Index < 0 || column.Index >= _getters.Length)
            throw _context.Except($"Column index must be between 0 and {_getters.Length}");
        return _getters[column.Index] is not null;
    }

    public ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        _context.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
        return RowGetters.Typed<TValue>(_context, _getters[column.Index]);
    }
}
