using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SamSegmentation.ML.Imaging.Png;

/// <summary>Writes PNG files, without anything that changes from run to run (no time, no text).</summary>
internal static class PngEncoder
{
    /// <summary>Encodes an image whose samples are already packed into bytes.</summary>
    /// <param name="header">Size and kind; 8 or 16 bit, not interlaced.</param>
    /// <param name="rows">The rows, one after another, without filter bytes; 16-bit samples high byte first.</param>
    /// <param name="palette">Red, green, blue of each entry, for a palette image.</param>
    /// <returns>A whole PNG file.</returns>
    public static byte[] Encode(PngHeader header, ReadOnlySpan<byte> rows, ReadOnlySpan<byte> palette = default)
    {
        using MemoryStream output = new();
        output.Write(PngChunkReader.Signature);
        Span<byte> ihdr = stackalloc byte[PngHeader.Length];
        BinaryPrimitives.WriteInt32BigEndian(ihdr, header.Width);
        BinaryPrimitives.WriteInt32BigEndian(ihdr[4..], header.Height);
        ihdr[8] = (byte)header.BitDepth;
        ihdr[9] = (byte)header.ColorType;
        ihdr[10..].Clear(); // deflate, the five filters, not interlaced
        WriteChunk(output, "IHDR", ihdr);
        if (header.ColorType is PngColorType.Palette)
        {
            WriteChunk(output, "PLTE", palette);
        }

        WriteChunk(output, "IDAT", Compress(header, rows));
        WriteChunk(output, "IEND", []);
        return output.ToArray();
    }

    // Filters help photographs; ids, which are no quantities, are smallest without.
    private static ReadOnlySpan<byte> Compress(PngHeader header, ReadOnlySpan<byte> rows)
    {
        int rowBytes = (int)header.RowBytes(header.Width);
        bool filtered = header.ColorType is PngColorType.Rgb;
        byte[] line = new byte[1 + rowBytes];
        line[0] = filtered ? PngFilter.Paeth : PngFilter.None;
        ReadOnlySpan<byte> above = new byte[rowBytes];
        using MemoryStream compressed = new();
        using (ZLibStream stream = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (; !rows.IsEmpty; rows = rows[rowBytes..])
            {
                ReadOnlySpan<byte> row = rows[..rowBytes];
                if (filtered)
                {
                    PngFilter.ApplyPaeth(row, above, line.AsSpan(1), header.BitsPerPixel / 8);
                }
                else
                {
                    row.CopyTo(line.AsSpan(1));
                }

                stream.Write(line);
                above = row;
            }
        }

        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    private static void WriteChunk(MemoryStream output, string type, ReadOnlySpan<byte> data)
    {
        byte[] named = new byte[4 + data.Length];
        Encoding.ASCII.GetBytes(type, named);
        data.CopyTo(named.AsSpan(4));
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        output.Write(number);
        output.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Compute(named));
        output.Write(number);
    }
}
