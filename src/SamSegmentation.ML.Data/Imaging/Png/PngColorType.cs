namespace SamSegmentation.ML.Imaging.Png;

/// <summary>What a PNG's samples mean; the numbers are the format's.</summary>
internal enum PngColorType : byte
{
    Gray = 0,
    Rgb = 2,
    Palette = 3,
    GrayAlpha = 4,
    Rgba = 6,
}
