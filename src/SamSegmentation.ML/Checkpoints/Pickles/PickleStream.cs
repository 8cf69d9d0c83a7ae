using System.Buffers.Binary;
using System.Text;
using SamSegmentation.ML.Checkpoints.Storage;

namespace SamSegmentation.ML.Checkpoints.Pickles;

/// <summary>A pickle's bytes in order, read in blocks from a range of the file.</summary>
internal sealed class PickleStream(CheckpointFile file, string name, long start, long end)
{
    private const int BlockBytes = 1 << 16;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly long _start = start;
    private readonly byte[] _block = new byte[(int)Math.Min(BlockBytes, end - start)];
    private long _blockStart = start;
    private int _blockLength;

    /// <summary>The next byte's position in the file.</summary>
    public long Position { get; private set; } = start;

    /// <summary>Bytes behind the reader.</summary>
    public long BytesRead => Position - _start;

    public byte ReadByte() => Read(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Read(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Read(4));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Read(4));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Read(8));

    // The one big-endian number of the format.
    public double ReadDouble() => BinaryPrimitives.ReadDoubleBigEndian(Read(8));

    /// <summary>The next bytes; valid until the next reading.</summary>
    public ReadOnlySpan<byte> Read(int count)
    {
        Need((ulong)count);
        var at = (int)(Position - _blockStart);
        if (at + count > _blockLength)
        {
            if (count > _block.Length)
            {
                var large = new byte[count];
                file.Read(Position, large, name);
                Position += count;
                // The block is behind now; it is filled again at the next reading.
                (_blockStart, _blockLength) = (Position, 0);
                return large;
            }
            _blockLength = (int)Math.Min(_block.Length, end - Position);
            file.Read(Position, _block.AsSpan(0, _blockLength), name);
            (_blockStart, at) = (Position, 0);
        }
        Position += count;
        return _block.AsSpan(at, count);
    }

    /// <summary>Bytes whose count the pickle states.</summary>
    public ReadOnlySpan<byte> ReadCounted(ulong count)
    {
        Need(count);
        if (count > PickleLimits.StringBytes)
            throw Error($"a string of {count} bytes; at most {PickleLimits.StringBytes} are read.");
        return Read((int)count);
    }

    /// <summary>Text whose length in bytes the pickle states.</summary>
    public string ReadText(ulong count)
    {
        var bytes = ReadCounted(count);
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw Error("a string is not UTF-8.", error);
        }
    }

    /// <summary>Text up to a line feed, which is left out.</summary>
    public string ReadLine()
    {
        var line = new StringBuilder();
        while (ReadByte() is var next && next != (byte)'\n')
        {
            if (next is < 0x20 or > 0x7e)
                throw Error($"byte 0x{next:x2} in the name of a global.");
            if (line.Length == PickleLimits.NameLength)
                throw Error($"the name of a global exceeds {PickleLimits.NameLength} bytes.");
            line.Append((char)next);
        }
        return line.ToString();
    }

    /// <summary>The error of the current position.</summary>
    public CheckpointFormatException Error(string reason, Exception? inner = null) =>
        file.Error($"{name} at byte {Position}", reason, inner);

    private void Need(ulong count)
    {
        if (count > (ulong)(end - Position))
            throw Error($"{count} more bytes are needed, but {end - Position} follow.");
    }
}
