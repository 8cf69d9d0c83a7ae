namespace SamSegmentation.ML.Prediction.Passes;

/// <summary>What the network sees at once: a window of the scaled image, which may be all of it.</summary>
/// <param name="Rows">The window from top to bottom.</param>
/// <param name="Columns">The window from left to right.</param>
/// <param name="Mirrored">Whether it is mirrored left to right.</param>
internal sealed record InferencePass(AxisWindow Rows, AxisWindow Columns, bool Mirrored);
