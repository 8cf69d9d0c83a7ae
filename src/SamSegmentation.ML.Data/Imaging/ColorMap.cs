namespace SamSegmentation.ML.Imaging;

/// <summary>The colour of every class id, for palettes, drawings and masks that are painted in colours.</summary>
public sealed class ColorMap
{
    private readonly (byte R, byte G, byte B)[] _colors;
    private readonly Dictionary<(byte R, byte G, byte B), ushort> _ids;

    /// <summary>Creates a map; a colour's index is its class id.</summary>
    /// <param name="colors">1 to 65,536 colours. Of a colour that comes twice, the first id is the one found by colour.</param>
    /// <exception cref="ArgumentException">There are no colours, or too many.</exception>
    public ColorMap(IEnumerable<(byte R, byte G, byte B)> colors)
    {
        ArgumentNullException.ThrowIfNull(colors);
        _colors = [.. colors];
        if (_colors.Length is 0 or > ushort.MaxValue + 1)
        {
            throw new ArgumentException($"A colour map takes 1 to {ushort.MaxValue + 1} colours, not {_colors.Length}.", nameof(colors));
        }

        _ids = new Dictionary<(byte R, byte G, byte B), ushort>(_colors.Length);
        for (int id = 0; id < _colors.Length; id++)
        {
            _ids.TryAdd(_colors[id], (ushort)id);
        }
    }

    /// <summary>
    /// PASCAL VOC's 256 colours: bits 0, 1, 2 of an id are the highest bits of red, green and blue, bits 3, 4, 5 the
    /// next, and so on (VOCdevkit's <c>VOClabelcolormap</c>). 0 is black; 255, void, is (224, 224, 192).
    /// </summary>
    public static ColorMap Voc { get; } = CreateVoc(256);

    /// <summary>PASCAL VOC's colours by the same rule for another number of ids.</summary>
    /// <param name="count">1 to 65,536.</param>
    /// <returns>The map; all its colours differ.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of range.</exception>
    public static ColorMap CreateVoc(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, ushort.MaxValue + 1);
        return new ColorMap(Enumerable.Range(0, count).Select(VocColor));
    }

    /// <summary>PASCAL VOC's colours for a number of classes: as many as they need, and VOC's own 256 where those are enough.</summary>
    internal static ColorMap OfClasses(int count) => count <= Voc.Count ? Voc : CreateVoc(count);

    /// <summary>How many ids have a colour: 0 to Count − 1.</summary>
    public int Count => _colors.Length;

    /// <summary>The colour of a class id.</summary>
    /// <param name="id">0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The id has no colour.</exception>
    public (byte R, byte G, byte B) this[int id]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(id);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, _colors.Length);
            return _colors[id];
        }
    }

    /// <summary>Looks an exact colour up.</summary>
    /// <param name="color">Red, green, blue.</param>
    /// <param name="id">The first id of that colour.</param>
    /// <returns>Whether the map has the colour.</returns>
    public bool TryGetId((byte R, byte G, byte B) color, out ushort id) => _ids.TryGetValue(color, out id);

    /// <summary>Paints every pixel in the colour of its class.</summary>
    /// <param name="map">The class ids.</param>
    /// <returns>An image of the map's size.</returns>
    /// <exception cref="ArgumentException">An id has no colour.</exception>
    public RgbImage Colorize(LabelMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        CheckHasAll(map);
        byte[] pixels = new byte[checked(3 * map.Ids.Length)];
        int at = 0;
        foreach (ushort id in map.Ids)
        {
            (pixels[at], pixels[at + 1], pixels[at + 2]) = _colors[id];
            at += 3;
        }

        return new RgbImage(map.Height, map.Width, pixels);
    }

    /// <summary>Throws an <see cref="ArgumentException"/> that names the first pixel whose id has no colour.</summary>
    internal void CheckHasAll(LabelMap map)
    {
        ReadOnlySpan<ushort> ids = map.Ids;
        int at = Count > ushort.MaxValue ? -1 : ids.IndexOfAnyInRange((ushort)Count, ushort.MaxValue);
        if (at >= 0)
        {
            throw new ArgumentException(
                $"Pixel (x {at % map.Width}, y {at / map.Width}) has id {ids[at]}; the colour map has colours for 0 to {Count - 1}.", nameof(map));
        }
    }

    private static (byte R, byte G, byte B) VocColor(int id)
    {
        int r = 0, g = 0, b = 0;
        for (int bit = 7; id != 0; bit--, id >>= 3)
        {
            r |= (id & 1) << bit;
            g |= ((id >> 1) & 1) << bit;
            b |= ((id >> 2) & 1) << bit;
        }

        return ((byte)r, (byte)g, (byte)b);
    }
}
