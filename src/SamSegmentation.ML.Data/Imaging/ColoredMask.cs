using SamSegmentation.ML.Imaging.Png;

namespace SamSegmentation.ML.Imaging;

/// <summary>Turns the colours of a painted mask into class ids.</summary>
internal static class ColoredMask
{
    public static LabelMap Decode(ReadOnlySpan<byte> png, PngFile file, ColorMap colors, string? path)
    {
        PngHeader header = file.Header;
        if (header.ColorType is PngColorType.Palette)
        {
            return FromPalette(PngDecoder.Decode(png, file, path), file, colors, path);
        }

        if (header.BitDepth != 8 || header.ColorType is not (PngColorType.Rgb or PngColorType.Rgba))
        {
            throw new ImageFormatException(path, PngHeader.Place,
                $"a coloured mask is an 8-bit RGB, 8-bit RGBA or palette PNG; this one is {header.Describe()}");
        }

        return FromSamples(PngDecoder.Decode(png, file, path), header, colors, path);
    }

    private static LabelMap FromPalette(ushort[] indices, PngFile file, ColorMap colors, string? path)
    {
        ReadOnlySpan<byte> palette = file.Palette;
        LabelMap map = new(file.Header.Height, file.Header.Width, indices);
        for (int i = 0; i < indices.Length; i++)
        {
            int entry = 3 * indices[i];
            if (entry >= palette.Length)
            {
                throw new ImageFormatException(path, PixelPlace(i, map.Width),
                    $"palette index {indices[i]}; the palette has {palette.Length / 3} colours");
            }

            indices[i] = Find((palette[entry], palette[entry + 1], palette[entry + 2]), i, map.Width, colors, path);
        }

        return map;
    }

    private static LabelMap FromSamples(ushort[] samples, PngHeader header, ColorMap colors, string? path)
    {
        LabelMap map = new(header.Height, header.Width);
        int channels = header.Channels;
        (byte R, byte G, byte B) last = default;
        ushort lastId = 0;
        for (int i = 0; i < map.Ids.Length; i++)
        {
            int at = i * channels;
            (byte R, byte G, byte B) color = ((byte)samples[at], (byte)samples[at + 1], (byte)samples[at + 2]);

            // Neighbours mostly share their colour, and comparing is far cheaper than looking up.
            if (i == 0 || color != last)
            {
                lastId = Find(color, i, map.Width, colors, path);
                last = color;
            }

            map.Ids[i] = lastId;
        }

        return map;
    }

    private static ushort Find((byte R, byte G, byte B) color, int pixel, int width, ColorMap colors, string? path) =>
        colors.TryGetId(color, out ushort id)
            ? id
            : throw new ImageFormatException(path, PixelPlace(pixel, width),
                $"the colour ({color.R}, {color.G}, {color.B}) is none of the colour map's {colors.Count}");

    private static string PixelPlace(int pixel, int width) => $"pixel (x {pixel % width}, y {pixel / width})";
}
