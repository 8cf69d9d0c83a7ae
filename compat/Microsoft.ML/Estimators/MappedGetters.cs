namespace Microsoft.ML.Data;

/// <summary>The getters of a mapped row: those of its input and those of the added columns.</summary>
internal sealed class MappedGetters
{
    private readonly int[] _origins;
    private readonly DataViewRow _input;
    private readonly Delegate[] _added;
    private Action _disposer;

    public MappedGetters(DataViewSchema schema, int[] origins, DataViewRow input, Delegate[] added, Action disposer)
    {
        Schema = schema;
        _origins = origins;
        _input = input;
        _added = added;
        _disposer = disposer;
    }

    public DataViewSchema Schema { get; }

    public bool IsColumnActive(DataViewSchema.Column column)
    {
        var origin = _origins[column.Index];
        return origin >= 0 ? _input.IsColumnActive(_input.Schema[origin]) : _added[~origin] is not null;
    }

    public ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var origin = _origins[column.Index];
        return origin >= 0 ? _input.GetGetter<TValue>(_input.Schema[origin]) : RowGetters.Typed<TValue>(null, _added[~origin]);
    }

    public void Dispose()
    {
        _disposer?.Invoke();
        _disposer = null;
    }
}
