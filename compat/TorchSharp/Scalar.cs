using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A number with its type, as an operator takes it.</summary>
public sealed class Scalar : IDisposable
{
    private readonly double _real;
    private readonly long _integer;

    internal Scalar(double value, ScalarType type)
    {
        _real = value;
        Type = type;
    }

    internal Scalar(long value, ScalarType type)
    {
        _integer = value;
        _real = value;
        Type = type;
    }

    public ScalarType Type { get; }

    internal bool IsBoolean => Type == ScalarType.Bool;

    internal bool IsIntegral => torch.is_integral(Type);

    internal double Real => _real;

    internal long Integer => IsIntegral || IsBoolean ? _integer : (long)_real;

    public static implicit operator Scalar(byte value) => new(value, ScalarType.Byte);
    public static implicit operator Scalar(sbyte value) => new(value, ScalarType.Int8);
    public static implicit operator Scalar(short value) => new(value, ScalarType.Int16);
    public static implicit operator Scalar(int value) => new(value, ScalarType.Int32);
    public static implicit operator Scalar(long value) => new(value, ScalarType.Int64);
    public static implicit operator Scalar(float value) => new(value, ScalarType.Float32);
    public static implicit operator Scalar(double value) => new(value, ScalarType.Float64);
    public static implicit operator Scalar(bool value) => new(value ? 1L : 0L, ScalarType.Bool);

    /// <summary>Nothing native is held; the method is there for code that disposes scalars of the real library.</summary>
    public void Dispose()
    {
    }
}
