namespace SamSegmentation.ML.Imaging;

/// <summary>What the header of an image file says.</summary>
/// <param name="Format">The kind of file, by its content and not its name.</param>
/// <param name="Height">Height in pixels, as stored: EXIF rotation is not applied.</param>
/// <param name="Width">Width in pixels, as stored.</param>
public readonly record struct ImageInfo(ImageFormat Format, int Height, int Width);
