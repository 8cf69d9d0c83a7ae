namespace Microsoft.ML.Data;

/// <summary>
/// Makes an unsigned member a key of so many values. The member counts from 0, the column from 1, and what is too
/// large for a key becomes 0, a missing one.
/// </summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class KeyTypeAttribute : Attribute
{
    public KeyTypeAttribute(ulong count) => Count = count;

    internal ulong Count { get; }
}
