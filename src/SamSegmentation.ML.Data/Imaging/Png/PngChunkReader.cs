using System.Buffers.Binary;
using System.Text;

namespace SamSegmentation.ML.Imaging.Png;

/// <summary>Walks over the chunks of a PNG and checks each one's length, name and checksum.</summary>
internal ref struct PngChunkReader
{
    private const int Overhead = 12; // length, type, checksum
    private readonly ReadOnlySpan<byte> _png;
    private readonly string? _path;
    private int _next;

    /// <summary>Starts after the signature, which is checked.</summary>
    public PngChunkReader(ReadOnlySpan<byte> png, string? path)
    {
        if (!png.StartsWith(Signature))
        {
            throw new ImageFormatException(path, "byte 0",
                $"expected the PNG signature {Convert.ToHexString(Signature)}, found {ImageBytes.Describe(png)}");
        }

        _png = png;
        _path = path;
        _next = Signature.Length;
    }

    /// <summary>The eight bytes that every PNG begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>The current chunk's name, for example <c>IHDR</c>.</summary>
    public string Type { get; private set; } = "";

    /// <summary>Where the current chunk's data begin in the file.</summary>
    public int DataOffset { get; private set; }

    /// <summary>How long the current chunk's data are.</summary>
    public int DataLength { get; private set; }

    /// <summary>The current chunk's data.</summary>
    public readonly ReadOnlySpan<byte> Data => _png.Slice(DataOffset, DataLength);

    /// <summary>The current chunk's name and offset, for messages.</summary>
    public readonly string Place => $"chunk {Type} at byte {DataOffset - 8}";

    /// <summary>A reader may skip a chunk whose name begins with a small letter, and must understand any other.</summary>
    public readonly bool IsAncillary => (Type[0] & 0x20) != 0;

    /// <summary>Goes to the next chunk; the file may only end after IEND, which the caller stops at.</summary>
    public void Next()
    {
        int offset = _next;
        int left = _png.Length - offset;
        if (left < Overhead)
        {
            throw new ImageFormatException(_path, $"byte {offset}",
                $"expected another chunk (the IEND chunk ends a PNG), found {left} bytes up to the file's end");
        }

        ReadOnlySpan<byte> name = _png.Slice(offset + 4, 4);
        foreach (byte letter in name)
        {
            if (!char.IsAsciiLetter((char)letter))
            {
                throw new ImageFormatException(_path, $"byte {offset + 4}",
                    $"expected a chunk name of four letters, found {ImageBytes.Describe(name)}");
            }
        }

        Type = Encoding.ASCII.GetString(name);
        DataOffset = offset + 8;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(_png[offset..]);
        if (length > left - Overhead)
        {
            throw new ImageFormatException(_path, Place,
                $"says it is {length} bytes long; {left - Overhead} are left before the file's end");
        }

        DataLength = (int)length;
        uint stored = BinaryPrimitives.ReadUInt32BigEndian(_png[(DataOffset + DataLength)..]);
        uint computed = Crc32.Compute(_png.Slice(offset + 4, 4 + DataLength));
        if (stored != computed)
        {
            throw new ImageFormatException(_path, Place, $"checksum {stored:X8}; its content has {computed:X8} (the file is damaged)");
        }

        _next = offset + Overhead + DataLength;
    }
}
