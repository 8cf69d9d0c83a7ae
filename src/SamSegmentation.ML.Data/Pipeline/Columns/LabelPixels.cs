using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Pipeline.Columns;

/// <summary>The class ids of one row, with their size where the column knows it: a vector does not.</summary>
/// <param name="Ids">Class ids, row by row.</param>
/// <param name="Height">Height in pixels, or null.</param>
/// <param name="Width">Width in pixels, or null.</param>
internal readonly record struct LabelPixels(ushort[] Ids, int? Height, int? Width)
{
    public static LabelPixels Of(LabelMap map) => new(map.Ids, map.Height, map.Width);

    /// <summary>Whether the ids are those of an image of this size, as far as their size is known.</summary>
    public bool Fits(int height, int width) =>
        Height is { } ownHeight && Width is { } ownWidth ? ownHeight == height && ownWidth == width : Ids.LongLength == (long)height * width;

    /// <summary>Whether both may be of one image.</summary>
    public bool Fits(LabelPixels other) =>
        other.Height is { } height && other.Width is { } width ? Fits(height, width)
        : Height is { } ownHeight && Width is { } ownWidth ? other.Fits(ownHeight, ownWidth)
        : Ids.Length == other.Ids.Length;

    /// <summary>Size or number of pixels, for messages.</summary>
    public string Describe() => Height is null ? $"{Ids.Length} pixels" : $"{Width}×{Height}";
}
