using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Makes data views, and data views from data views.</summary>
public sealed partial class DataOperationsCatalog : IInternalCatalog
{
    private readonly IHostEnvironment _env;

    internal DataOperationsCatalog(IHostEnvironment env) => _env = env;

    IHostEnvironment IInternalCatalog.Environment => _env;

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null)
        where TRow : class
    {
        _env.CheckValue(data, nameof(data));
        return new EnumerableDataView<TRow>(_env, data, RowClassColumn.Bind(typeof(TRow), schemaDefinition, SchemaDefinition.Direction.Read));
    }

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema)
        where TRow : class
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckValue(schema, nameof(schema));
        return LoadFromEnumerable(data, RowClassColumn.Definition<TRow>(_env, schema));
    }

    public IEnumerable<TRow> CreateEnumerable<TRow>(
        IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false, SchemaDefinition schemaDefinition = null)
        where TRow : class, new()
    {
        _env.CheckValue(data, nameof(data));
        return Rows(data, new RowClassBinding<TRow>(_env, data.Schema, ignoreMissingColumns, schemaDefinition), reuseRowObject);
    }

    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        _env.CheckValue(input, nameof(input));
        Register("Cache");
        var cache = new CacheView(input);
        if (columnsToPrefetch is null or [])
            return cache;
        var active = new bool[cache.Schema.Count];
        foreach (var name in columnsToPrefetch)
        {
            var column = input.Schema.GetColumnOrNull(name) ?? throw _env.ExceptSchemaMismatch(nameof(columnsToPrefetch), "prefetch", name);
            var kept = cache.Schema.GetColumnOrNull(name) ?? throw _env.Except($"Asked to prefetch column '{name}' into cache, but it is of unhandled type '{column.Type}'");
            active[kept.Index] = true;
        }

        cache.Fill(active);
        return cache;
    }

    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckParam(shufflePoolSize > 0, nameof(shufflePoolSize), "Must be positive");
        return new ShuffleView(_env, input, seed, shufflePoolSize, shuffleSource);
    }

    public IDataView SkipRows(IDataView input, long count)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckParam(count > 0, nameof(count), "Must be greater than zero.");
        Register("SkipTakeFilter");
        return new SkipTakeView(input, count, long.MaxValue);
    }

    public IDataView TakeRows(IDataView input, long count)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckParam(count > 0, nameof(count), "Must be greater than zero.");
        Register("SkipTakeFilter");
        return new SkipTakeView(input, 0, count);
    }

    public IDataView FilterRowsByColumn(
        IDataView input, string columnName, double lowerBound = double.NegativeInfinity, double upperBound = double.PositiveInfinity)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckNonEmpty(columnName, nameof(columnName));
        _env.CheckParam(lowerBound < upperBound, nameof(upperBound), "Must be less than lowerBound");
        var column = input.Schema[columnName];
        if (column.Type is not NumberDataViewType)
            throw _env.ExceptSchemaMismatch(nameof(columnName), "filter", columnName, "number", column.Type.ToString());
        Register("RangeFilter");
        if (column.Type == NumberDataViewType.Single)
            return Between<float>(input, column, value => lowerBound <= value && value < upperBound);
        if (column.Type == NumberDataViewType.Double)
            return Between<double>(input, column, value => lowerBound <= value && value < upperBound);
        throw _env.ExceptParam("Column", $"Column '{columnName}' does not have compatible type");
    }

    /// <summary>
    /// Every component of the real library takes random numbers from the context when it registers. So do these, that
    /// the components after them get the same ones as there.
    /// </summary>
    private void Register(params string[] names)
    {
        foreach (var name in names)
            _ = _env.Register(name);
    }

    private static FilterView Between<T>(IDataView input, DataViewSchema.Column column, Func<T, bool> accepts) =>
        new(input, input.Schema, canShuffle: true, [column], row =>
        {
            var get = row.GetGetter<T>(column);
            T value = default;
            return () =>
            {
                get(ref value);
                return accepts(value);
            };
        });

    private static IEnumerable<TRow> Rows<TRow>(IDataView data, RowClassBinding<TRow> binding, bool reuseRowObject)
        where TRow : class, new()
    {
        using var cursor = data.GetRowCursor(binding.Sources);
        var fill = binding.Filler(cursor);
        TRow row = null;
        while (cursor.MoveNext())
        {
            if (!reuseRowObject || row is null)
                row = new TRow();
            fill(row);
            yield return row;
        }
    }
}
