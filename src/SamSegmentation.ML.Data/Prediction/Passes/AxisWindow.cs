namespace SamSegmentation.ML.Prediction.Passes;

/// <summary>A window on one axis of an image: a part of the scaled side, and the pixels of the image's own side in it.</summary>
/// <param name="Own">The image's own side in pixels.</param>
/// <param name="Scaled">The side that the image is scaled to.</param>
/// <param name="Start">Where the window begins on the scaled side.</param>
/// <param name="Length">Its length there; at most the network's input size.</param>
/// <param name="First">The first of the own pixels whose centres lie in it.</param>
/// <param name="Weights">
/// For each of those pixels, this window's share among the axis's windows: multiples of 2⁻¹², which add up to 1 over the
/// windows, so that products of two axes' weights add up to exactly 1 in float32 too.
/// </param>
internal sealed record AxisWindow(int Own, int Scaled, int Start, int Length, int First, float[] Weights)
{
    /// <summary>The pixel after the last one.</summary>
    public int End => First + Weights.Length;

    /// <summary>
    /// Where own pixels lie among the cells of the network's output, whose input holds the window at its start: two
    /// neighbouring cells each, as bilinear interpolation without aligned corners has them.
    /// </summary>
    /// <param name="from">The first pixel; not before <see cref="First"/>.</param>
    /// <param name="count">How many; not beyond <see cref="End"/>.</param>
    /// <param name="cells">Cells of the output on this axis.</param>
    /// <param name="size">The network's input size in pixels.</param>
    /// <param name="mirrored">Whether the network saw the window mirrored.</param>
    public CellPlaces Places(int from, int count, int cells, int size, bool mirrored) => CellPlaces.Of(count, cells, i =>
    {
        var centre = (from + i + 0.5) * Scaled / Own - Start;
        return (mirrored ? Length - centre : centre) * cells / size - 0.5;
    });
}
