namespace Microsoft.ML.Data;

/// <summary>128 bits that tell a row from every other. The bits that derived ids get differ from the real library's.</summary>
public readonly struct DataViewRowId : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    public readonly ulong Low;
    public readonly ulong High;

    public DataViewRowId(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    public DataViewRowId Fork() => Combine(new DataViewRowId(1, 0), salt: 1);

    public DataViewRowId Next() => Combine(default, salt: 2);

    public DataViewRowId Combine(DataViewRowId other) => Combine(other, salt: 3);

    public int CompareTo(DataViewRowId other)
    {
        var high = High.CompareTo(other.High);
        return high != 0 ? high : Low.CompareTo(other.Low);
    }

    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    public override bool Equals(object obj) => obj is DataViewRowId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Low, High);

    public override string ToString() => $"{High:x16}{Low:x16}";

    private DataViewRowId Combine(DataViewRowId other, ulong salt)
    {
        var low = Mix(Low + (salt * 0x9E3779B97F4A7C15) + Mix(other.Low));
        var high = Mix(High + low + Mix(other.High + salt));
        return new DataViewRowId(Mix(low + high), high);
    }

    /// <summary>The finishing steps of splitmix64.</summary>
    private static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
