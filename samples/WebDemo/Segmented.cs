namespace SamSegmentation.WebDemo;

/// <summary>A photograph's classes, as the page gets them.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Mask">A palette PNG whose indices are the class ids.</param>
/// <param name="Background">The colour of class 0.</param>
/// <param name="Classes">Those that occur, the largest first.</param>
internal sealed record Segmented(int Width, int Height, byte[] Mask, int[] Background, IReadOnlyList<SegmentedClass> Classes);
