using System.Buffers.Binary;

namespace SamSegmentation.ML.Tests.Training.Logging;

/// <summary>
/// Reads an event file by the formats' descriptions alone: TFRecord's framing with both checksums, and protobuf's wire
/// format without generated classes.
/// </summary>
internal static class EventFileReader
{
    /// <summary>The fields of each event; fails on a wrong checksum and on bytes left over.</summary>
    internal static List<WireMessage> Read(string path)
    {
        // As TensorBoard does, while the writer has the file open.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);

        var events = new List<WireMessage>();
        for (int at = 0; at < bytes.Length;)
        {
            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)));
            CheckCrc(bytes.AsSpan(at, 8), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)), $"length at {at}");
            var data = bytes.AsSpan(at + 12, length);
            CheckCrc(data, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)), $"data at {at + 12}");
            events.Add(WireMessage.Parse(data));
            at += 16 + length;
        }
        return events;
    }

    /// <summary>CRC-32C bit by bit (polynomial 0x1EDC6F41, reflected).</summary>
    internal static uint Crc32C(ReadOnlySpan<byte> data)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte octet in data)
        {
            crc ^= octet;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }
        return crc ^ 0xFFFFFFFF;
    }

    private static void CheckCrc(ReadOnlySpan<byte> data, uint stored, string what)
    {
        uint crc = Crc32C(data);
        uint masked = unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8);
        if (masked != stored)
            throw new InvalidDataException($"Wrong checksum of the {what}: {stored:X8}, computed {masked:X8}.");
    }
}
