using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Numbers from the values of a column, equal ones from equal values: from 1 on, 0 for a missing value.</summary>
internal static class SamplingHash
{
    public const uint DefaultSeed = 314489979;

    /// <summary>The keys of a column of keys, as they are.</summary>
    public static Func<ulong> KeyReader(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type.RawType == typeof(byte))
            return Read<byte>(row, column, value => value);
        if (column.Type.RawType == typeof(ushort))
            return Read<ushort>(row, column, value => value);
        return column.Type.RawType == typeof(uint)
            ? Read<uint>(row, column, value => value)
            : Read<ulong>(row, column, value => value);
    }

    /// <summary>Hashes of so many bits.</summary>
    public static Func<ulong> Reader(DataViewRow row, DataViewSchema.Column column, uint seed, int bits)
    {
        if (column.Type is VectorDataViewType or RowIdDataViewType or DateTimeDataViewType or DateTimeOffsetDataViewType or TimeSpanDataViewType)
            throw Contracts.ExceptNotSupp(null, $"Column '{column.Name}' of type {column.Type} is no key for sampling here, as it is in the real library");
        var mask = (1UL << bits) - 1;
        ulong Key(uint hash) => (hash & mask) + 1;
        ulong Of32(uint value) => Key(Murmur.Finish(Murmur.Round(seed, value), sizeof(uint)));
        ulong Of64(ulong value) => Key(Murmur.Finish(Murmur.Round(seed, value), sizeof(ulong)));
        var type = column.Type.RawType;
        if (type == typeof(ReadOnlyMemory<char>))
            return Read<ReadOnlyMemory<char>>(row, column, text => text.IsEmpty ? 0 : Key(Murmur.OfText(seed, text.Span.Trim(' '))));
        if (type == typeof(bool))
            return Read<bool>(row, column, value => Of32(value ? 1u : 0));
        if (type == typeof(sbyte))
            return Read<sbyte>(row, column, value => Of32((uint)value));
        if (type == typeof(byte))
            return Read<byte>(row, column, value => Of32(value));
        if (type == typeof(short))
            return Read<short>(row, column, value => Of32((uint)value));
        if (type == typeof(ushort))
            return Read<ushort>(row, column, value => Of32(value));
        if (type == typeof(int))
            return Read<int>(row, column, value => Of32((uint)value));
        if (type == typeof(uint))
            return Read<uint>(row, column, Of32);
        return type == typeof(long)
            ? Read<long>(row, column, value => Of64((ulong)value))
            : Read<ulong>(row, column, Of64);
    }

    private static Func<ulong> Read<T>(DataViewRow row, DataViewSchema.Column column, Func<T, ulong> convert)
    {
        var get = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            get(ref value);
            return convert(value);
        };
    }
}
