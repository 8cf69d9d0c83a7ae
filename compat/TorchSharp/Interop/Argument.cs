using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>An operator's argument on the managed side; the implicit conversions let calls read like PyTorch's.</summary>
internal readonly struct Argument
{
    private Argument(ValueKind kind, long bits = 0, object? reference = null)
    {
        Kind = kind;
        Bits = bits;
        Reference = reference;
    }

    /// <summary>PyTorch's None.</summary>
    internal static Argument None => default;

    /// <summary>The schema's default, for an argument in the middle.</summary>
    internal static Argument Default => new(ValueKind.Default);

    internal ValueKind Kind { get; }
    internal long Bits { get; }
    internal object? Reference { get; }

    public static implicit operator Argument(Tensor? value) => value is null ? None : new(ValueKind.Tensor, reference: value);
    public static implicit operator Argument(Tensor?[]? value) => value is null ? None : new(ValueKind.TensorList, reference: value);
    public static implicit operator Argument(long value) => new(ValueKind.Int, value);
    public static implicit operator Argument(long? value) => value is { } v ? new(ValueKind.Int, v) : None;
    public static implicit operator Argument(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Argument(double? value) => value is { } v ? (Argument)v : None;
    public static implicit operator Argument(bool value) => new(ValueKind.Bool, value ? 1 : 0);
    public static implicit operator Argument(bool? value) => value is { } v ? (Argument)v : None;
    public static implicit operator Argument(long[]? value) => value is null ? None : new(ValueKind.IntList, reference: value);
    public static implicit operator Argument(double[]? value) => value is null ? None : new(ValueKind.DoubleList, reference: value);
    public static implicit operator Argument(bool[]? value) => value is null ? None : new(ValueKind.BoolList, reference: value);
    public static implicit operator Argument(string? value) => value is null ? None : new(ValueKind.String, reference: value);
    public static implicit operator Argument(ScalarType value) => new(ValueKind.Int, (int)value);
    public static implicit operator Argument(ScalarType? value) => value is { } v ? (Argument)v : None;
    public static implicit operator Argument(Generator? value) => value is null ? None : new(ValueKind.Generator, reference: value);

    public static implicit operator Argument(Device? value) =>
        value is null ? None : new(ValueKind.Device, ((long)value.type << 32) | (uint)value.index);

    public static implicit operator Argument(Scalar? value) =>
        value is null ? None
        : value.IsBoolean ? value.ToBoolean()
        : value.IsIntegral ? (Argument)value.ToInt64() // without the cast, both branches would be doubles
        : value.ToDouble();

    /// <summary>How many bytes of scratch memory the argument's content takes.</summary>
    internal int ScratchBytes => Reference switch
    {
        long[] a => a.Length * 8,
        double[] a => a.Length * 8,
        bool[] a => Aligned(a.Length),
        Tensor?[] a => a.Length * 8,
        string s => Aligned(System.Text.Encoding.UTF8.GetByteCount(s)),
        _ => 0,
    };

    private static int Aligned(int bytes) => (bytes + 7) & ~7;
}
