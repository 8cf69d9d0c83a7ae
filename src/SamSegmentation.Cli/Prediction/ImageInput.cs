namespace SamSegmentation.Cli.Prediction;

/// <summary>An image to predict.</summary>
/// <param name="Id">What its outputs are called: its path below the folder that was named, without extension.</param>
/// <param name="Path">The file.</param>
internal sealed record ImageInput(string Id, string Path);
