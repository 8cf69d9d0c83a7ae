namespace SamSegmentation.ML.Hosting;

/// <summary>The name of a model that was registered.</summary>
/// <param name="Value">The name, by which its options are found too.</param>
internal sealed record ModelName(string Value);
