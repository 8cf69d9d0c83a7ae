using System.Buffers.Binary;
using System.Text;

namespace SamSegmentation.ML.Tests.Training.Logging;

/// <summary>A protobuf message as field numbers and raw values.</summary>
internal sealed class WireMessage
{
    private readonly Dictionary<int, ulong> _numbers = [];
    private readonly Dictionary<int, byte[]> _bytes = [];

    internal IEnumerable<int> Fields => _numbers.Keys.Concat(_bytes.Keys).Order();

    internal static WireMessage Parse(ReadOnlySpan<byte> data)
    {
        var message = new WireMessage();
        while (data.Length > 0)
        {
            ulong key = ReadVarint(ref data);
            int field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    message._numbers.Add(field, ReadVarint(ref data));
                    break;
                case 1:
                    message._numbers.Add(field, BinaryPrimitives.ReadUInt64LittleEndian(data));
                    data = data[8..];
                    break;
                case 2:
                    int length = checked((int)ReadVarint(ref data));
                    message._bytes.Add(field, data[..length].ToArray());
                    data = data[length..];
                    break;
                case 5:
                    message._numbers.Add(field, BinaryPrimitives.ReadUInt32LittleEndian(data));
                    data = data[4..];
                    break;
                default:
                    throw new InvalidDataException($"Wire type {key & 7} of field {field}.");
            }
        }
        return message;
    }

    internal long Integer(int field) => (long)_numbers[field];

    internal double Double(int field) => BitConverter.UInt64BitsToDouble(_numbers[field]);

    internal float Single(int field) => BitConverter.UInt32BitsToSingle((uint)_numbers[field]);

    internal byte[] Bytes(int field) => _bytes[field];

    internal string Text(int field) => Encoding.UTF8.GetString(_bytes[field]);

    internal WireMessage Message(int field) => Parse(_bytes[field]);

    private static ulong ReadVarint(ref ReadOnlySpan<byte> data)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte octet = data[0];
            data = data[1..];
            value |= (ulong)(octet & 0x7F) << shift;
            if (octet < 0x80)
                return value;
        }
    }
}
