using System.Buffers.Binary;

namespace Microsoft.ML.Imaging.Codecs;

/// <summary>The chunks of a PNG file: length, name, content, checksum.</summary>
internal static class PngChunks
{
    private const int HeaderLength = 8;
    private const int ChecksumLength = 4;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    /// <summary>
    /// The file without the chunks by which libpng would convert colours to sRGB: Skia, asked for a bitmap without a
    /// colour space, hands out the numbers of the file. A chunk of pixels that the file's end cuts off is closed, so
    /// that libpng, which reads whole blocks, gets at all that is there.
    /// </summary>
    public static byte[] WithoutColorSpace(ReadOnlySpan<byte> file, out bool complete)
    {
        var kept = new List<byte>(file.Length + ChecksumLength);
        kept.AddRange(Signature);
        complete = false;
        for (var rest = file[Signature.Length..]; rest.Length > HeaderLength && !complete;)
        {
            var length = HeaderLength + BinaryPrimitives.ReadUInt32BigEndian(rest) + (long)ChecksumLength;
            var chunk = rest[..(int)Math.Min(rest.Length, length)];
            var name = chunk.Slice(4, 4);
            if (chunk.Length < length)
            {
                if (name.SequenceEqual("IDAT"u8))
                    AddChunk(kept, chunk[4..]);
                break;
            }

            complete = name.SequenceEqual("IEND"u8);
            if (!(name.SequenceEqual("gAMA"u8) || name.SequenceEqual("cHRM"u8) || name.SequenceEqual("sRGB"u8) || name.SequenceEqual("iCCP"u8)))
                kept.AddRange(chunk);
            rest = rest[chunk.Length..];
        }

        if (!complete)
            AddChunk(kept, "IEND"u8);
        return [.. kept];
    }

    private static void AddChunk(List<byte> file, ReadOnlySpan<byte> nameAndContent)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, nameAndContent.Length - 4);
        file.AddRange(number);
        file.AddRange(nameAndContent);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(nameAndContent));
        file.AddRange(number);
    }

    /// <summary>CRC-32 of IEEE 802.3.</summary>
    private static uint Checksum(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        foreach (var value in content)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        return ~crc;
    }
}
