namespace SamSegmentation.ML.Imaging;

/// <summary>Draws class ids over the photograph that they belong to.</summary>
public static class Overlay
{
    private const int One = 256;

    /// <summary>Mixes each pixel with the colour of its class: photo · (1 − opacity) + colour · opacity.</summary>
    /// <param name="photo">The photograph.</param>
    /// <param name="map">The class ids, at the photograph's size.</param>
    /// <param name="colors">The colours of the ids.</param>
    /// <param name="opacity">0 (the photograph alone) to 1 (the colours alone).</param>
    /// <param name="options">Ids that are not drawn, and outlines; null for the defaults (background is not drawn).</param>
    /// <returns>A new image of the photograph's size.</returns>
    /// <exception cref="ArgumentException">The sizes differ, or an id has no colour.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The opacity is outside 0 to 1.</exception>
    public static RgbImage Blend(RgbImage photo, LabelMap map, ColorMap colors, double opacity = 0.5, OverlayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(colors);
        if (!(opacity >= 0 && opacity <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(opacity), opacity, "Expected 0 to 1.");
        }

        if (photo.Height != map.Height || photo.Width != map.Width)
        {
            throw new ArgumentException($"The label map is {map.Width}×{map.Height}, the photograph {photo.Width}×{photo.Height}.", nameof(map));
        }

        colors.CheckHasAll(map);
        options ??= OverlayOptions.Default;
        HashSet<ushort> transparent = [.. options.TransparentIds];
        int weight = (int)Math.Round(opacity * One);
        byte[] pixels = (byte[])photo.Pixels.Clone();
        for (int i = 0; i < map.Ids.Length; i++)
        {
            ushort id = map.Ids[i];
            if (!transparent.Contains(id))
            {
                int share = options.DrawBorders && IsBorder(map, i) ? One : weight;
                (byte r, byte g, byte b) = colors[id];
                pixels[3 * i] = Mix(pixels[3 * i], r, share);
                pixels[(3 * i) + 1] = Mix(pixels[(3 * i) + 1], g, share);
                pixels[(3 * i) + 2] = Mix(pixels[(3 * i) + 2], b, share);
            }
        }

        return new RgbImage(photo.Height, photo.Width, pixels);
    }

    private static byte Mix(byte photo, byte color, int share) =>
        (byte)(((photo * (One - share)) + (color * share) + (One / 2)) / One);

    // A pixel beside one of another class, left, right, above or below.
    private static bool IsBorder(LabelMap map, int index)
    {
        ReadOnlySpan<ushort> ids = map.Ids;
        ushort id = ids[index];
        int x = index % map.Width;
        return (x > 0 && ids[index - 1] != id)
            || (x < map.Width - 1 && ids[index + 1] != id)
            || (index >= map.Width && ids[index - map.Width] != id)
            || (index < ids.Length - map.Width && ids[index + map.Width] != id);
    }
}
