using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>128 bits that tell a row from every other. Derived ids are made by rounds of MurmurHash3, 128 bits (Appleby), without its end.</summary>
public readonly struct DataViewRowId : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    public readonly ulong Low;
    public readonly ulong High;

    private const ulong FirstFactor = 0x87C37B91114253D5;
    private const ulong SecondFactor = 0x4CF5AD432745937F;

    public DataViewRowId(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    public DataViewRowId Fork()
    {
        // A round with 1 and 0, but the 1 comes in after the first half is rotated.
        var next = Next();
        return new DataViewRowId(next.Low ^ (BitOperations.RotateLeft(FirstFactor, 31) * SecondFactor), next.High);
    }

    public DataViewRowId Next() => Round(0, 0);

    public DataViewRowId Combine(DataViewRowId other)
    {
        other = other.Fork();
        return Round(other.Low, other.High);
    }

    public int CompareTo(DataViewRowId other)
    {
        var high = High.CompareTo(other.High);
        return high != 0 ? high : Low.CompareTo(other.Low);
    }

    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    public override bool Equals(object obj) => obj is DataViewRowId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Low, High);

    public override string ToString() => $"{High:x16}{Low:x16}";

    private DataViewRowId Round(ulong first, ulong second)
    {
        var low = Low ^ (BitOperations.RotateLeft(first * FirstFactor, 31) * SecondFactor);
        low = ((BitOperations.RotateLeft(low, 27) + High) * 5) + 0x52DCE729;
        var high = High ^ (BitOperations.RotateLeft(second * SecondFactor, 33) * FirstFactor);
        high = ((BitOperations.RotateLeft(high, 31) + low) * 5) + 0x38495AB5;
        return new DataViewRowId(low, high);
    }
}
