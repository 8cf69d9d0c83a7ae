using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// Gives every row a place between 0 and 1, by chance or by the value of a column, so that equal values stay together.
/// The places are the real library's. A place that is not a number is in no part: the row is lost.
/// </summary>
internal sealed class SplitCondition
{
    // The real library's own choice for whom no seed is given.
    private const uint DefaultSeed = 42;
    private const int HashBits = 30;

    private readonly int? _seed;
    private readonly DataViewSchema.Column? _key;
    private readonly Func<DataViewRow, Func<double>> _place;

    public SplitCondition(IHostEnvironment env, IDataView data, string samplingKeyColumnName, int? seed)
    {
        _seed = seed ?? ((IHostEnvironmentInternal)env).Seed;
        if (samplingKeyColumnName is null)
        {
            _ = env.Register("GenerateNumber");
            // The order of the rows decides, so every cursor begins anew.
            _place = _ => Chance(new HybridRandom((uint?)_seed ?? DefaultSeed));
            return;
        }

        var key = data.Schema.GetColumnOrNull(samplingKeyColumnName)
            ?? throw env.ExceptSchemaMismatch("samplingKeyColumn", "SamplingKeyColumn", samplingKeyColumnName);
        _key = key;
        if (key.Type is KeyDataViewType type)
            _place = row => OfKey(SamplingHash.KeyReader(row, key), type.Count);
        else if (key.Type == NumberDataViewType.Single)
            _place = InRangeOfSingles(data, key);
        else if (key.Type == NumberDataViewType.Double)
            _place = InRangeOfDoubles(data, key);
        else
        {
            var hashSeed = (uint?)_seed ?? SamplingHash.DefaultSeed;
            _place = row => OfKey(SamplingHash.Reader(row, key, hashSeed, HashBits), 1UL << HashBits);
        }
    }

    public IDataView Select(IDataView data, Func<double, bool> accepts)
    {
        var schema = new ColumnSelection(data.Schema, [.. data.Schema.Select(column => column.Index)]).OutputSchema;
        return new FilterView(data, schema, canShuffle: _key is not null, _key is null ? [] : [_key.Value], row =>
        {
            var place = _place(row);
            return () => place() is var value && !double.IsNaN(value) && accepts(value);
        });
    }

    private static Func<double> Chance(HybridRandom random) => () => random.NextFloat();

    /// <summary>A key's place is the middle of its share of all; a missing one has none.</summary>
    private static Func<double> OfKey(Func<ulong> read, ulong count) => () =>
    {
        var key = read();
        return key == 0 || key > count ? double.NaN : ((uint)key - 0.5) / count;
    };

    private static Func<DataViewRow, Func<double>> InRangeOfSingles(IDataView data, DataViewSchema.Column column)
    {
        var (minimum, maximum) = Range(data.GetColumn<float>(column).Select(value => (double)value));
        var (low, high) = ((float)minimum, (float)maximum);
        var scale = high > low ? 1 / (high - low) : 0;
        var offset = scale == 0 ? 0 : low;
        return row =>
        {
            var get = row.GetGetter<float>(column);
            float value = 0;
            return () =>
            {
                get(ref value);
                return (value - offset) * scale;
            };
        };
    }

    private static Func<DataViewRow, Func<double>> InRangeOfDoubles(IDataView data, DataViewSchema.Column column)
    {
        var (low, high) = Range(data.GetColumn<double>(column));
        var scale = high > low ? 1 / (high - low) : 0;
        var offset = scale == 0 ? 0 : low;
        return row =>
        {
            var get = row.GetGetter<double>(column);
            double value = 0;
            return () =>
            {
                get(ref value);
                return (value - offset) * scale;
            };
        };
    }

    private static (double Minimum, double Maximum) Range(IEnumerable<double> values)
    {
        var (minimum, maximum) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
        {
            minimum = value < minimum ? value : minimum;
            maximum = value > maximum ? value : maximum;
        }

        return (minimum, maximum);
    }
}
