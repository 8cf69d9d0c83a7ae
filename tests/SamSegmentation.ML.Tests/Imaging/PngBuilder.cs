using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SamSegmentation.ML.Tests.Imaging;

/// <summary>
/// Writes PNG files of every kind the format knows, and broken ones, from the specification: nothing is shared with
/// the library's own writer.
/// </summary>
public sealed class PngBuilder
{
    public const int Gray = 0;
    public const int Rgb = 2;
    public const int Palette = 3;
    public const int GrayAlpha = 4;
    public const int Rgba = 6;

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required int BitDepth { get; init; }

    public required int ColorType { get; init; }

    /// <summary>Height × width × channels samples.</summary>
    public required ushort[] Samples { get; init; }

    public bool Interlaced { get; init; }

    /// <summary>The filter of each stored row.</summary>
    public Func<int, int> Filter { get; init; } = _ => 0;

    /// <summary>Red, green, blue of the entries; null for a grey ramp of 256.</summary>
    public byte[]? Colors { get; init; }

    /// <summary>How many IDAT chunks the data are spread over.</summary>
    public int DataChunks { get; init; } = 1;

    /// <summary>Chunks between IHDR and the rest.</summary>
    public (string Type, byte[] Data)[] Extra { get; init; } = [];

    /// <summary>The size that the header claims, when it lies.</summary>
    public (uint Width, uint Height)? ClaimedSize { get; init; }

    /// <summary>Bytes of the uncompressed data that are added (positive) or cut off (negative) at the end.</summary>
    public int SurplusBytes { get; init; }

    private int Channels => ColorType switch { Rgb => 3, GrayAlpha => 2, Rgba => 4, _ => 1 };

    public static byte[] Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public byte[] Build()
    {
        List<byte> png = [.. Signature, .. Chunk("IHDR", Header())];
        foreach ((string type, byte[] data) in Extra)
        {
            png.AddRange(Chunk(type, data));
        }

        if (ColorType == Palette)
        {
            png.AddRange(Chunk("PLTE", Colors ?? [.. Enumerable.Range(0, 256).SelectMany(i => Enumerable.Repeat((byte)i, 3))]));
        }

        byte[] compressed = Compressed();
        for (int i = 0; i < DataChunks; i++)
        {
            png.AddRange(Chunk("IDAT", compressed[(compressed.Length * i / DataChunks)..(compressed.Length * (i + 1) / DataChunks)]));
        }

        png.AddRange(Chunk("IEND", []));
        return [.. png];
    }

    public static byte[] Chunk(string type, byte[] data)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(type), .. data];
        byte[] length = new byte[4], crc = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc(named));
        return [.. length, .. named, .. crc];
    }

    public static byte[] Zlib(byte[] data)
    {
        using MemoryStream stream = new();
        using (ZLibStream zlib = new(stream, CompressionLevel.SmallestSize))
        {
            zlib.Write(data);
        }

        return stream.ToArray();
    }

    /// <summary>The header's data.</summary>
    public byte[] Header()
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(header, ClaimedSize?.Width ?? (uint)Width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), ClaimedSize?.Height ?? (uint)Height);
        (header[8], header[9], header[12]) = ((byte)BitDepth, (byte)ColorType, (byte)(Interlaced ? 1 : 0));
        return header;
    }

    private static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }

    private byte[] Compressed()
    {
        List<byte> raw = [];
        int storedRow = 0;
        (int X, int Y, int Dx, int Dy)[] passes = Interlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            : [(0, 0, 1, 1)];
        foreach ((int x0, int y0, int dx, int dy) in passes)
        {
            byte[]? above = null;
            for (int y = y0; y < Height && x0 < Width; y += dy)
            {
                byte[] row = Pack(y, x0, dx);
                above ??= new byte[row.Length];
                int filter = Filter(storedRow++);
                raw.Add((byte)filter);
                raw.AddRange(Filtered(filter, row, above));
                above = row;
            }
        }

        return Zlib(SurplusBytes < 0 ? [.. raw[..^-SurplusBytes]] : [.. raw, .. new byte[SurplusBytes]]);
    }

    private byte[] Pack(int y, int x0, int dx)
    {
        StringBuilder bits = new();
        for (int x = x0; x < Width; x += dx)
        {
            for (int channel = 0; channel < Channels; channel++)
            {
                int sample = Samples[(((y * Width) + x) * Channels) + channel];
                bits.Append(Convert.ToString(sample, 2).PadLeft(BitDepth, '0'));
            }
        }

        while (bits.Length % 8 != 0)
        {
            bits.Append('0');
        }

        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.ToString(8 * i, 8), 2))];
    }

    private byte[] Filtered(int filter, byte[] row, byte[] above)
    {
        int back = Math.Max(1, BitDepth * Channels / 8);
        byte[] filtered = new byte[row.Length];
        for (int i = 0; i < row.Length; i++)
        {
            int a = i < back ? 0 : row[i - back], b = above[i], c = i < back ? 0 : above[i - back];
            int p = a + b - c;
            int predictor = filter switch
            {
                1 => a,
                2 => b,
                3 => (a + b) / 2,
                4 => new[] { a, b, c }.MinBy(value => Math.Abs(p - value)),
                _ => 0,
            };
            filtered[i] = (byte)(row[i] - predictor);
        }

        return filtered;
    }
}
