using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;

namespace SamSegmentation.ML.Training.Logging;

/// <summary>
/// TFRecord's framing: the length (uint64), its checksum (uint32), the data, their checksum (uint32), all little-endian.
/// </summary>
internal static class TensorBoardRecord
{
    private const int HeaderLength = sizeof(ulong) + sizeof(uint);

    internal static byte[] Frame(IMessage message)
    {
        int length = message.CalculateSize();
        var record = new byte[HeaderLength + length + sizeof(uint)];
        var data = record.AsSpan(HeaderLength, length);
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(sizeof(ulong)), MaskedCrc(record.AsSpan(0, sizeof(ulong))));
        message.WriteTo(data);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(HeaderLength + length), MaskedCrc(data));
        return record;
    }

    // CRC-32C, rotated and shifted as TFRecord wants it, lest the checksum of data that hold checksums be degenerate.
    private static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (byte octet in data)
            crc = BitOperations.Crc32C(crc, octet);
        return unchecked(BitOperations.RotateRight(~crc, 15) + 0xA282EAD8);
    }
}
