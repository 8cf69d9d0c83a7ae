using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Reports.Pictures;

/// <summary>The colours in which classes are shown.</summary>
internal static class ClassColors
{
    /// <summary>VOC's colours; beyond its 256, ids share them.</summary>
    public static ColorMap All { get; } =
        new(Enumerable.Range(0, ushort.MaxValue + 1).Select(id => ColorMap.Voc[id % ColorMap.Voc.Count]));
}
