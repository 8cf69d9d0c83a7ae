namespace SamSegmentation.ML.Datasets;

/// <summary>A photograph and its mask, which were checked when the dataset was opened.</summary>
/// <param name="Id">Its name in the dataset: VOC's image id, or the path below the images folder without suffix, with '/'.</param>
/// <param name="ImagePath">The photograph's file.</param>
/// <param name="MaskPath">The mask's file.</param>
/// <param name="Height">Height of both in pixels.</param>
/// <param name="Width">Width of both in pixels.</param>
public sealed record SegmentationSample(string Id, string ImagePath, string MaskPath, int Height, int Width);
