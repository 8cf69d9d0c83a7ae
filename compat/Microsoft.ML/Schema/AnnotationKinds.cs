namespace Microsoft.ML.Data;

/// <summary>The names under which annotations are stored.</summary>
internal static class AnnotationKinds
{
    public const string SlotNames = "SlotNames";
    public const string KeyValues = "KeyValues";
    public const string IsNormalized = "IsNormalized";
}
