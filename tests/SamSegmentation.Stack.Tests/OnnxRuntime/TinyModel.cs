using System.Text;

namespace SamSegmentation.Stack.Tests.OnnxRuntime;

/// <summary>
/// An ONNX file made byte by byte: X, float32 [rows, 3] with any number of rows, times (1, 10, 100) is Y; S is the most of X in each
/// row as int64 [rows], U that as uint8.
/// </summary>
internal static class TinyModel
{
    private const int Float = 1, UInt8 = 2, Int64 = 7;

    public static byte[] Bytes { get; } = Model();

    private static byte[] Model() =>
    [
        .. Number(1, 8), // IR version
        .. Text(2, "a test"),
        .. Number(5, 7), // its own version
        .. Message(7, Graph()),
        .. Message(8, [.. Text(1, ""), .. Number(2, 13)]), // operators
        .. Message(14, [.. Text(1, "first"), .. Text(2, "één")]),
        .. Message(14, [.. Text(1, "second"), .. Text(2, "")]),
    ];

    private static byte[] Graph() =>
    [
        .. Message(1, [.. Text(1, "X"), .. Text(1, "W"), .. Text(2, "Y"), .. Text(4, "Mul")]),
        .. Message(1, [.. Text(1, "X"), .. Text(2, "S"), .. Text(4, "ArgMax"), .. Integer("axis", 1), .. Integer("keepdims", 0)]),
        .. Message(1, [.. Text(1, "S"), .. Text(2, "U"), .. Text(4, "Cast"), .. Integer("to", UInt8)]),
        .. Text(2, "graph"),
        .. Message(5, [.. Number(1, 3), .. Number(2, Float), .. Text(8, "W"), .. Message(9, Floats(1, 10, 100))]),
        .. Message(11, Value("X", Float, Any("rows"), Side(3))),
        .. Message(12, Value("Y", Float, Any("rows"), Side(3))),
        .. Message(12, Value("S", Int64, Any("rows"))),
        .. Message(12, Value("U", UInt8, Any("rows"))),
    ];

    private static byte[] Value(string name, int element, params byte[][] sides) =>
        [.. Text(1, name), .. Message(2, Message(1, [.. Number(1, element), .. Message(2, [.. sides.SelectMany(side => Message(1, side))])]))];

    private static byte[] Side(int length) => Number(1, length);

    private static byte[] Any(string name) => Text(2, name);

    private static byte[] Integer(string name, int value) => Message(5, [.. Text(1, name), .. Number(3, value), .. Number(20, 2)]);

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    private static byte[] Number(int field, long value) => [.. Varint(field << 3), .. Varint(value)];

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Message(int field, byte[] content) => [.. Varint((field << 3) | 2), .. Varint(content.Length), .. content];

    private static byte[] Varint(long value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
