using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Which class, with which attribute, is held by a column of which custom type: one to one.</summary>
public static class DataViewTypeManager
{
    private static readonly HashSet<Type> _builtIn =
    [
        typeof(bool), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(float), typeof(double), typeof(string), typeof(ReadOnlySpan<char>), typeof(ReadOnlyMemory<char>), typeof(VBuffer<>),
        typeof(Nullable<>), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DataViewRowId),
    ];

    private static readonly Dictionary<(Type Class, DataViewTypeAttribute Attribute), DataViewType> _types = [];
    private static readonly Dictionary<DataViewType, (Type Class, DataViewTypeAttribute Attribute)> _classes = [];
    private static readonly Lock _lock = new();

    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute typeAttribute = null)
    {
        if (_builtIn.Contains(type))
            throw Contracts.ExceptParam(nameof(type), $"Type {type} has been registered as ML.NET's default supported type, so it can't not be registered again.");
        var key = (type, typeAttribute);
        lock (_lock)
        {
            if (_types.TryGetValue(key, out var known) && !known.Equals(dataViewType))
                throw Contracts.ExceptParam(nameof(type), $"Repeated type register. The raw type {type} has been associated with {known} so it cannot be associated with {dataViewType}.");
            if (_classes.TryGetValue(dataViewType, out var other) && !other.Equals(key))
                throw Contracts.ExceptParam(nameof(dataViewType), $"Repeated type register. The DataView type {dataViewType} has been associated with {other.Class} so it cannot be associated with {type}.");
            _types[key] = dataViewType;
            _classes[dataViewType] = key;
        }
    }

    internal static bool Knows(Type type, DataViewTypeAttribute attribute)
    {
        lock (_lock)
            return _types.ContainsKey((type, attribute));
    }

    internal static bool Knows(DataViewType type)
    {
        lock (_lock)
            return _classes.ContainsKey(type);
    }

    internal static DataViewType GetDataViewType(Type type, DataViewTypeAttribute attribute)
    {
        lock (_lock)
        {
            return _types.TryGetValue((type, attribute), out var known)
                ? known
                : throw Contracts.ExceptParam(nameof(type), $"The raw type {type} with attributes {attribute} is not registered with a DataView type.");
        }
    }
}
