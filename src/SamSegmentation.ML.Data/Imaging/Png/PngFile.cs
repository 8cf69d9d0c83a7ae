namespace SamSegmentation.ML.Imaging.Png;

/// <summary>The chunks of a PNG that matter for its pixels, found and checked, with nothing inflated yet.</summary>
internal sealed class PngFile
{
    // 258 bytes from two bits is the most that deflate can do, so fewer compressed bytes than this cannot hold the image.
    private const int MaxInflation = 1032;

    private PngFile(PngHeader header, byte[] palette, List<Range> imageData, int imageDataLength)
    {
        Header = header;
        Palette = palette;
        ImageData = imageData;
        ImageDataLength = imageDataLength;
    }

    /// <summary>The IHDR chunk.</summary>
    public PngHeader Header { get; }

    /// <summary>The PLTE chunk: red, green, blue of each entry. Empty without one.</summary>
    public byte[] Palette { get; }

    /// <summary>Where in the file the data of the IDAT chunks are.</summary>
    public IReadOnlyList<Range> ImageData { get; }

    /// <summary>The IDAT chunks' length together, in bytes.</summary>
    public int ImageDataLength { get; }

    /// <summary>Reads the first chunk alone.</summary>
    /// <exception cref="ImageFormatException">The bytes do not begin as a PNG does.</exception>
    public static PngHeader ParseHeader(ReadOnlySpan<byte> png, string? path)
    {
        PngChunkReader chunk = new(png, path);
        return ReadHeader(ref chunk, path);
    }

    /// <summary>Walks over all chunks up to IEND; the declared size is checked before anything else is looked at.</summary>
    /// <exception cref="ImageFormatException">The bytes are no PNG, or break one of its rules.</exception>
    public static PngFile Parse(ReadOnlySpan<byte> png, ImageLimits limits, string? path)
    {
        PngChunkReader chunk = new(png, path);
        PngHeader header = ReadHeader(ref chunk, path);
        limits.Check(header.Height, header.Width, sizeof(ushort) * header.Channels, path, PngHeader.Place);

        byte[] palette = [];
        List<Range> imageData = [];
        int imageDataLength = 0;
        string previous = chunk.Type;
        for (chunk.Next(); chunk.Type != "IEND"; chunk.Next())
        {
            if (chunk.Type == "PLTE")
            {
                palette = ReadPalette(chunk, palette.Length > 0, imageData.Count > 0, path);
            }
            else if (chunk.Type == "IDAT")
            {
                if (imageData.Count > 0 && previous != "IDAT")
                {
                    throw new ImageFormatException(path, chunk.Place, $"expected all IDAT chunks together, found {previous} among them");
                }

                imageData.Add(chunk.DataOffset..(chunk.DataOffset + chunk.DataLength));
                imageDataLength += chunk.DataLength;
            }
            else if (!chunk.IsAncillary)
            {
                throw new ImageFormatException(path, chunk.Place, "a critical chunk that is unknown or out of place");
            }

            previous = chunk.Type;
        }

        if (header.ColorType is PngColorType.Palette && palette.Length == 0)
        {
            throw new ImageFormatException(path, chunk.Place, "expected a PLTE chunk, which a palette PNG must have");
        }

        CheckImageData(header, imageDataLength, path, chunk.Place);
        return new PngFile(header, palette, imageData, imageDataLength);
    }

    private static PngHeader ReadHeader(ref PngChunkReader chunk, string? path)
    {
        chunk.Next();
        return chunk.Type == "IHDR"
            ? PngHeader.Parse(chunk.Data, path)
            : throw new ImageFormatException(path, chunk.Place, "expected the IHDR chunk first");
    }

    private static byte[] ReadPalette(in PngChunkReader chunk, bool isSecond, bool isLate, string? path)
    {
        if (isSecond || isLate)
        {
            throw new ImageFormatException(path, chunk.Place, "expected at most one PLTE chunk, before the first IDAT chunk");
        }

        return chunk.DataLength is > 0 and <= 768 && chunk.DataLength % 3 == 0
            ? chunk.Data.ToArray()
            : throw new ImageFormatException(path, chunk.Place,
                $"{chunk.DataLength} bytes long; expected three for each of 1 to 256 colours");
    }

    // A few bytes must not make us allocate the gigabytes that they claim.
    private static void CheckImageData(PngHeader header, int length, string? path, string place)
    {
        long needed = 0;
        foreach (PngPass pass in PngPass.Of(header))
        {
            needed += pass.Height * (1 + header.RowBytes(pass.Width));
        }

        if (needed > (long)length * MaxInflation)
        {
            throw new ImageFormatException(path, place,
                $"the IDAT chunks hold {length} bytes; too few for the {needed} bytes of a {header.Width}×{header.Height} {header.Describe()} image");
        }
    }
}
