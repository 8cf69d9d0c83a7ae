namespace Microsoft.ML.Data;

/// <summary>Which column type holds which .NET type.</summary>
internal static class BuiltInTypes
{
    private static readonly Dictionary<Type, PrimitiveDataViewType> _types = new()
    {
        [typeof(sbyte)] = NumberDataViewType.SByte,
        [typeof(byte)] = NumberDataViewType.Byte,
        [typeof(short)] = NumberDataViewType.Int16,
        [typeof(ushort)] = NumberDataViewType.UInt16,
        [typeof(int)] = NumberDataViewType.Int32,
        [typeof(uint)] = NumberDataViewType.UInt32,
        [typeof(long)] = NumberDataViewType.Int64,
        [typeof(ulong)] = NumberDataViewType.UInt64,
        [typeof(float)] = NumberDataViewType.Single,
        [typeof(double)] = NumberDataViewType.Double,
        [typeof(bool)] = BooleanDataViewType.Instance,
        [typeof(string)] = TextDataViewType.Instance,
        [typeof(ReadOnlyMemory<char>)] = TextDataViewType.Instance,
        [typeof(DateTime)] = DateTimeDataViewType.Instance,
        [typeof(DateTimeOffset)] = DateTimeOffsetDataViewType.Instance,
        [typeof(TimeSpan)] = TimeSpanDataViewType.Instance,
        [typeof(DataViewRowId)] = RowIdDataViewType.Instance,
    };

    public static bool Knows(Type type) => _types.ContainsKey(type);

    public static PrimitiveDataViewType Of(Type type) =>
        _types.TryGetValue(type, out var known) ? known : throw new InvalidOperationException($"No column type holds {type}");

    /// <summary>The type of a vector's items; of other columns the type itself.</summary>
    public static DataViewType ItemType(this DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;
}
