namespace Microsoft.ML.Data;

public abstract class DataViewType : IEquatable<DataViewType>
{
    private protected DataViewType(Type rawType) => RawType = rawType ?? throw new ArgumentNullException(nameof(rawType));

    /// <summary>The type of the values that getters hand out.</summary>
    public Type RawType { get; }

    public abstract bool Equals(DataViewType other);
}
