using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Imaging;

/// <summary>Makes PNG files byte by byte, so that the tests know what a decoder has to find.</summary>
internal static class PngFile
{
    public const byte Gray = 0;
    public const byte Color = 2;
    public const byte Palette = 3;
    public const byte ColorWithAlpha = 6;

    /// <summary>Each row of <paramref name="rows"/> holds the row's samples as the file stores them, without filter byte.</summary>
    public static byte[] Make(int width, byte depth, byte colorType, byte[][] rows, params (string Name, byte[] Content)[] chunks)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), rows.Length);
        header[8] = depth;
        header[9] = colorType;
        using var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.Optimal))
        {
            foreach (var row in rows)
            {
                zlib.WriteByte(0);
                zlib.Write(row);
            }
        }

        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        WriteChunk(file, "IHDR", header);
        foreach (var (name, content) in chunks)
            WriteChunk(file, name, content);
        WriteChunk(file, "IDAT", pixels.ToArray());
        WriteChunk(file, "IEND", []);
        return file.ToArray();
    }

    private static void WriteChunk(Stream file, string name, byte[] content)
    {
        var number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        byte[] body = [.. Encoding.ASCII.GetBytes(name), .. content];
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        file.Write(number);
    }

    private static uint Crc(byte[] body)
    {
        var crc = uint.MaxValue;
        foreach (var value in body)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        return ~crc;
    }
}
