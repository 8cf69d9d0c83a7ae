namespace Microsoft.ML.Data;

/// <summary>Marks a member that is no column.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, AllowMultiple = false, Inherited = true)]
public sealed class NoColumnAttribute : Attribute;
