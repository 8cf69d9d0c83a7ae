namespace SamSegmentation.ML.Training.Data;

/// <summary>A sample in an epoch.</summary>
/// <param name="Index">Its place in the training set.</param>
/// <param name="View">Which of its cached views, from 0.</param>
internal readonly record struct PlannedSample(int Index, int View);
