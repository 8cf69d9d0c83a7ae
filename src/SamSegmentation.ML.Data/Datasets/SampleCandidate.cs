namespace SamSegmentation.ML.Datasets;

/// <summary>A pair of files that a list or folder names, before anything is known about the files.</summary>
/// <param name="Id">Its name in the dataset.</param>
/// <param name="ImagePath">Where the photograph should be.</param>
/// <param name="MaskPath">Where the mask should be.</param>
/// <param name="Problem">What is wrong with the listing itself, if anything.</param>
internal sealed record SampleCandidate(string Id, string ImagePath, string MaskPath, SampleProblem? Problem = null);
