using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Pipeline.Drawing;

/// <summary>What a drawing reads, and how it looks.</summary>
internal sealed record LabelDrawingOptions
{
    /// <summary>The photographs that are drawn over; null for the colours alone.</summary>
    public required string? ImageColumnName { get; init; }

    /// <summary>The class ids: a vector, MLImage or path.</summary>
    public required string LabelColumnName { get; init; }

    /// <summary>The height of the ids (Int32), read when they are a vector.</summary>
    public required string HeightColumnName { get; init; }

    /// <summary>The width of the ids (Int32), read when they are a vector.</summary>
    public required string WidthColumnName { get; init; }

    /// <summary>The drawing.</summary>
    public required string OutputColumnName { get; init; }

    /// <summary>Of the colours over the photograph, 0 to 1.</summary>
    public double Opacity { get; init; } = 0.5;

    /// <summary>The classes' colours.</summary>
    public ColorMap Colors { get; init; } = ColorMap.Voc;
}
