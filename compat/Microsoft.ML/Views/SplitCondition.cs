using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Gives every row a place between 0 and 1, by chance or by the value of a column, so that equal values stay together.</summary>
internal sealed class SplitCondition
{
    // The real library's own choice for whom no seed is given.
    private const int DefaultSeed = 42;

    private readonly int _seed;
    private readonly DataViewSchema.Column? _key;
    private readonly (double Minimum, double Maximum) _range;

    public SplitCondition(IHostEnvironment env, IDataView data, string samplingKeyColumnName, int? seed)
    {
        _seed = seed ?? ((IHostEnvironmentInternal)env).Seed ?? DefaultSeed;
        if (samplingKeyColumnName is null)
            return;
        _key = data.Schema.GetColumnOrNull(samplingKeyColumnName)
            ?? throw env.ExceptSchemaMismatch("samplingKeyColumn", "SamplingKeyColumn", samplingKeyColumnName);
        if (_key.Value.Type == NumberDataViewType.Single || _key.Value.Type == NumberDataViewType.Double)
            _range = Range(data, _key.Value);
    }

    public IDataView Select(IDataView data, Func<double, bool> accepts)
    {
        var schema = new ColumnSelection(data.Schema, [.. data.Schema.Select(column => column.Index)]).OutputSchema;
        return new FilterView(data, schema, canShuffle: _key is not null, _key is null ? [] : [_key.Value], row =>
        {
            var place = Place(row);
            return () => accepts(place());
        });
    }

    private Func<double> Place(DataViewRow row)
    {
        if (_key is not { } key)
        {
            // The order of the rows decides, so every cursor begins anew.
            var random = new Random(_seed);
            return random.NextDouble;
        }

        if (key.Type is KeyDataViewType keys)
        {
            var get = AsDouble(row, key);
            return () => (get() - 0.5) / keys.Count;
        }

        if (_range.Maximum > _range.Minimum)
        {
            var get = AsDouble(row, key);
            return () => (get() - _range.Minimum) / (_range.Maximum - _range.Minimum);
        }

        return GenericCall.Invoke<Func<double>>(Hash<int>, key.Type.RawType, row, key);
    }

    private Func<double> Hash<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            get(ref value);
            var hash = 0xCBF29CE484222325 ^ (uint)_seed;
            foreach (var character in value is VBuffer<T> ? throw Contracts.Except("Vectors are no keys for sampling here") : $"{value}")
                hash = (hash ^ character) * 0x100000001B3;
            return (hash >> 11) * (1.0 / (1UL << 53));
        };
    }

    private static Func<double> AsDouble(DataViewRow row, DataViewSchema.Column column) =>
        GenericCall.Invoke<Func<double>>(AsDouble<int>, column.Type.RawType, row, column);

    private static Func<double> AsDouble<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var get = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            get(ref value);
            return Convert.ToDouble(value);
        };
    }

    private static (double Minimum, double Maximum) Range(IDataView data, DataViewSchema.Column column)
    {
        using var cursor = data.GetRowCursor([column]);
        var get = AsDouble(cursor, column);
        var (minimum, maximum) = (double.PositiveInfinity, double.NegativeInfinity);
        while (cursor.MoveNext())
        {
            var value = get();
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }

        return (minimum, maximum);
    }
}
