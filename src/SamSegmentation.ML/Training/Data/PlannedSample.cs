namespace SamSegmentation.ML.Training.Data;

/// <summary>A sample in an epoch.</summary>
/// <param name="Index">Its place in the training set.</param>
/// <param name="Mirrored">Whether image and label are mirrored left to right.</param>
internal readonly record struct PlannedSample(int Index, bool Mirrored);
