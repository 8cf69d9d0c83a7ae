namespace SamSegmentation.ML.Imaging;

/// <summary>The kinds of photograph files that are read.</summary>
public enum ImageFormat
{
    /// <summary>PNG, of any bit depth and colour type.</summary>
    Png,

    /// <summary>JPEG (JFIF, EXIF).</summary>
    Jpeg,
}
