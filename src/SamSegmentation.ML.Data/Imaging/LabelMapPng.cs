using SamSegmentation.ML.Imaging.Png;
using SamSegmentation.ML.IO;

namespace SamSegmentation.ML.Imaging;

/// <summary>
/// Masks as PNG files. The class id of a pixel is its palette index or its grey sample exactly as stored (a 1-bit grey
/// mask holds the ids 0 and 1): general image libraries turn both into colours and lose the ids.
/// </summary>
public static class LabelMapPng
{
    /// <summary>Reads a mask of class ids: a palette PNG (1 to 8 bit) or a grey PNG (1 to 16 bit).</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">How large it may say it is; null for <see cref="ImageLimits.Default"/>.</param>
    /// <returns>The ids, at the mask's own size.</returns>
    /// <exception cref="ImageFormatException">The file is no such PNG, is damaged, or is larger than allowed.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static LabelMap Load(string path, ImageLimits? limits = null) =>
        Decode(ImageBytes.Read(path), limits, path);

    /// <summary>Reads a mask of class ids from memory.</summary>
    /// <param name="png">A whole PNG file.</param>
    /// <param name="limits">How large it may say it is; null for <see cref="ImageLimits.Default"/>.</param>
    /// <param name="path">Where the bytes came from, for error messages.</param>
    /// <returns>The ids, at the mask's own size.</returns>
    /// <exception cref="ImageFormatException">The bytes are no such PNG, are damaged, or declare a larger image than allowed.</exception>
    public static LabelMap Decode(ReadOnlySpan<byte> png, ImageLimits? limits = null, string? path = null)
    {
        PngFile file = PngFile.Parse(png, limits ?? ImageLimits.Default, path);
        if (file.Header.ColorType is not (PngColorType.Gray or PngColorType.Palette))
        {
            throw new ImageFormatException(path, PngHeader.Place,
                $"a mask of class ids is a palette or grey PNG; this one is {file.Header.Describe()}. "
                + $"If its colours stand for classes, read it by a colour map ({nameof(LoadColored)})");
        }

        return new LabelMap(file.Header.Height, file.Header.Width, PngDecoder.Decode(png, file, path));
    }

    /// <summary>Reads a mask that is painted in colours: 8-bit RGB or RGBA (alpha is not looked at), or a palette PNG.</summary>
    /// <param name="path">The file.</param>
    /// <param name="colors">Gives the class id of each exact colour.</param>
    /// <param name="limits">How large it may say it is; null for <see cref="ImageLimits.Default"/>.</param>
    /// <returns>The ids, at the mask's own size.</returns>
    /// <exception cref="ImageFormatException">
    /// The file is no such PNG, is damaged, is larger than allowed, or has a colour that the map has not: the message
    /// gives the pixel and its colour.
    /// </exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static LabelMap LoadColored(string path, ColorMap colors, ImageLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(colors);
        byte[] png = ImageBytes.Read(path);
        PngFile file = PngFile.Parse(png, limits ?? ImageLimits.Default, path);
        return ColoredMask.Decode(png, file, colors, path);
    }

    /// <summary>Writes a palette PNG (8 bit): the index is the class id, the palette the colour map's first 256 colours.</summary>
    /// <param name="map">The class ids, each of which the colour map has, and none above 255.</param>
    /// <param name="path">The file; it is replaced in one step, and its folder is made.</param>
    /// <param name="colors">The palette.</param>
    /// <exception cref="ArgumentException">An id is above 255 or has no colour.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SavePalette(LabelMap map, string path, ColorMap colors) =>
        AtomicFile.Write(path, EncodePalette(map, colors));

    /// <summary>Writes a grey PNG whose samples are the class ids: 8 bit, or 16 bit when an id is above 255.</summary>
    /// <param name="map">The class ids.</param>
    /// <param name="path">The file; it is replaced in one step, and its folder is made.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveGray(LabelMap map, string path) =>
        AtomicFile.Write(path, EncodeGray(map));

    /// <summary>The bytes that <see cref="SavePalette"/> writes; the same map gives the same bytes.</summary>
    /// <param name="map">The class ids, each of which the colour map has, and none above 255.</param>
    /// <param name="colors">The palette.</param>
    /// <returns>A whole PNG file.</returns>
    /// <exception cref="ArgumentException">An id is above 255 or has no colour.</exception>
    public static byte[] EncodePalette(LabelMap map, ColorMap colors)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(colors);
        int above = map.Ids.AsSpan().IndexOfAnyInRange((ushort)256, ushort.MaxValue);
        if (above >= 0)
        {
            throw new ArgumentException(
                $"Pixel (x {above % map.Width}, y {above / map.Width}) has id {map.Ids[above]}; a palette PNG holds 0 to 255. Write a grey one.", nameof(map));
        }

        colors.CheckHasAll(map);
        byte[] palette = new byte[3 * Math.Min(colors.Count, 256)];
        for (int id = 0; id < palette.Length / 3; id++)
        {
            (palette[3 * id], palette[(3 * id) + 1], palette[(3 * id) + 2]) = colors[id];
        }

        return PngEncoder.Encode(new PngHeader(map.Height, map.Width, 8, PngColorType.Palette, false), ToBytes(map), palette);
    }

    /// <summary>The bytes that <see cref="SaveGray"/> writes; the same map gives the same bytes.</summary>
    /// <param name="map">The class ids.</param>
    /// <returns>A whole PNG file.</returns>
    public static byte[] EncodeGray(LabelMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        bool wide = map.Ids.AsSpan().ContainsAnyInRange((ushort)256, ushort.MaxValue);
        PngHeader header = new(map.Height, map.Width, wide ? 16 : 8, PngColorType.Gray, false);
        return PngEncoder.Encode(header, wide ? ToBigEndian(map) : ToBytes(map));
    }

    private static byte[] ToBytes(LabelMap map)
    {
        byte[] bytes = new byte[map.Ids.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)map.Ids[i];
        }

        return bytes;
    }

    private static byte[] ToBigEndian(LabelMap map)
    {
        byte[] bytes = new byte[checked(2 * map.Ids.Length)];
        for (int i = 0; i < map.Ids.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * i), map.Ids[i]);
        }

        return bytes;
    }
}
