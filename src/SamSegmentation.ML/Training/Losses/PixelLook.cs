namespace SamSegmentation.ML.Training.Losses;

/// <summary>Looks at an image's classes while its loss is taken.</summary>
/// <param name="image">Its place in the batch.</param>
/// <param name="ids">The class of the highest logit of each pixel at the input's size without padding, row by row.</param>
internal delegate void PixelLook(int image, ReadOnlySpan<ushort> ids);
