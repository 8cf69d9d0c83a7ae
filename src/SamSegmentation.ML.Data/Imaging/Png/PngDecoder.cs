using System.IO.Compression;

namespace SamSegmentation.ML.Imaging.Png;

/// <summary>Inflates a PNG and unpacks its samples exactly as stored: no scaling, no palette lookup, no gamma.</summary>
internal static class PngDecoder
{
    /// <summary>Decodes the pixels of a file that <see cref="PngFile.Parse"/> has checked.</summary>
    /// <returns>Height × width × channels samples, row by row.</returns>
    /// <exception cref="ImageFormatException">The compressed data are damaged, too short or too long.</exception>
    public static ushort[] Decode(ReadOnlySpan<byte> png, PngFile file, string? path)
    {
        PngHeader header = file.Header;
        using ZLibStream stream = new(JoinImageData(png, file), CompressionMode.Decompress);
        ushort[] samples = new ushort[header.Height * header.Width * header.Channels];
        byte[] row = new byte[header.RowBytes(header.Width)];
        byte[] above = new byte[row.Length];
        try
        {
            foreach (PngPass pass in PngPass.Of(header))
            {
                int rowBytes = (int)header.RowBytes(pass.Width);
                Array.Clear(above);
                for (int y = 0; y < pass.Height; y++)
                {
                    ReadRow(stream, header, row.AsSpan(0, rowBytes), above.AsSpan(0, rowBytes), path);
                    Unpack(row, header, pass, samples, y);
                    (row, above) = (above, row);
                }
            }

            // Reading on to the end lets zlib compare its checksum.
            if (stream.ReadByte() >= 0)
            {
                throw new ImageFormatException(path, "IDAT data", $"more data than a {header.Width}×{header.Height} image has");
            }
        }
        catch (EndOfStreamException e)
        {
            throw new ImageFormatException(path, "IDAT data", $"the data end before the {header.Width}×{header.Height} image does", e);
        }
        catch (InvalidDataException e)
        {
            throw new ImageFormatException(path, "IDAT data", $"damaged zlib data: {e.Message}", e);
        }

        return samples;
    }

    private static MemoryStream JoinImageData(ReadOnlySpan<byte> png, PngFile file)
    {
        byte[] joined = new byte[file.ImageDataLength];
        int at = 0;
        foreach (Range range in file.ImageData)
        {
            ReadOnlySpan<byte> part = png[range];
            part.CopyTo(joined.AsSpan(at));
            at += part.Length;
        }

        return new MemoryStream(joined);
    }

    private static void ReadRow(ZLibStream stream, PngHeader header, Span<byte> row, ReadOnlySpan<byte> above, string? path)
    {
        int filter = stream.ReadByte();
        if (filter < 0)
        {
            throw new EndOfStreamException();
        }

        if (filter > PngFilter.Paeth)
        {
            throw new ImageFormatException(path, "IDAT data", $"row filter {filter}; expected 0 to {PngFilter.Paeth}");
        }

        stream.ReadExactly(row);
        PngFilter.Undo((byte)filter, row, above, Math.Max(1, header.BitsPerPixel / 8));
    }

    private static void Unpack(ReadOnlySpan<byte> row, PngHeader header, PngPass pass, ushort[] samples, int passRow)
    {
        int channels = header.Channels;
        int first = ((pass.FirstY + (passRow * pass.StepY)) * header.Width) + pass.FirstX;
        Span<ushort> target = samples.AsSpan(first * channels);
        int step = pass.StepX * channels;
        int depth = header.BitDepth;
        for (int x = 0; x < pass.Width; x++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                int i = (x * channels) + channel;
                target[(x * step) + channel] = depth switch
                {
                    8 => row[i],
                    16 => (ushort)((row[2 * i] << 8) | row[(2 * i) + 1]),
                    _ => Bits(row, i, depth),
                };
            }
        }
    }

    // Samples of less than a byte lie in it from its high bits down.
    private static ushort Bits(ReadOnlySpan<byte> row, int index, int depth)
    {
        int bit = index * depth;
        return (ushort)((row[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1));
    }
}
