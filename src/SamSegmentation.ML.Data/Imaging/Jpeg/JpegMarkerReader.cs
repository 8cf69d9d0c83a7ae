using System.Buffers.Binary;

namespace SamSegmentation.ML.Imaging.Jpeg;

/// <summary>
/// Walks over the markers of a JPEG (ITU T.81, annex B). Fill bytes, stray bytes between segments, restart markers and
/// the coded data of scans are passed over, as libjpeg does.
/// </summary>
internal ref struct JpegMarkerReader
{
    public const byte StartOfImage = 0xD8;
    public const byte EndOfImage = 0xD9;
    public const byte StartOfScan = 0xDA;
    private readonly ReadOnlySpan<byte> _jpeg;
    private readonly string? _path;
    private int _next;

    public JpegMarkerReader(ReadOnlySpan<byte> jpeg, string? path)
    {
        _jpeg = jpeg;
        _path = path;
        _next = 2; // after the start-of-image marker
    }

    /// <summary>The start-of-image marker and the first byte of the marker that must follow it.</summary>
    public static ReadOnlySpan<byte> Signature => [0xFF, StartOfImage, 0xFF];

    /// <summary>The current marker's second byte.</summary>
    public byte Code { get; private set; }

    /// <summary>The current segment's content, after its length.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>Where the current marker is in the file.</summary>
    public int Offset { get; private set; }

    /// <summary>The current marker and its offset, for messages.</summary>
    public readonly string Place => $"marker FF{Code:X2} at byte {Offset}";

    /// <summary>Whether the current marker is a frame header: C0 to CF without DHT, JPG and DAC.</summary>
    public readonly bool IsFrameHeader => Code is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    /// <summary>Goes to the next marker.</summary>
    /// <returns>False when the bytes end before it, or within its segment.</returns>
    public bool TryNext()
    {
        while (true)
        {
            int toMarker = _jpeg[_next..].IndexOf((byte)0xFF);
            if (toMarker < 0)
            {
                return false;
            }

            int code = _next + toMarker + 1;
            while (code < _jpeg.Length && _jpeg[code] == 0xFF)
            {
                code++; // fill bytes
            }

            if (code >= _jpeg.Length)
            {
                return false;
            }

            _next = code + 1;
            Code = _jpeg[code];
            Offset = code - 1;
            if (Code is not (0x00 or 0x01 or (>= 0xD0 and <= 0xD7))) // stuffed byte, TEM, restart
            {
                return TryReadSegment();
            }
        }
    }

    private bool TryReadSegment()
    {
        Data = [];
        if (Code is StartOfImage)
        {
            throw new ImageFormatException(_path, Place, "a second start of image; expected one");
        }

        if (Code is EndOfImage)
        {
            return true;
        }

        if (_jpeg.Length - _next < 2)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(_jpeg[_next..]);
        if (length < 2)
        {
            throw new ImageFormatException(_path, Place, $"segment length {length}; expected at least 2");
        }

        if (_jpeg.Length - _next < length)
        {
            return false;
        }

        Data = _jpeg.Slice(_next + 2, length - 2);
        _next += length;
        return true;
    }
}
