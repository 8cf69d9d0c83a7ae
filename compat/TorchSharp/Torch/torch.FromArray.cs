using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor over the array's own memory.</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    /// <summary>A tensor over the array's own memory, unless its type must change.</summary>
    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false) =>
        Factory.Share(rawArray, Factory.Shape(rawArray), Factory.TypeOf(rawArray), 0, dtype, device, requires_grad);

    public static Tensor as_tensor(Array data, ScalarType? dtype = null, Device? device = null) => from_array(data, dtype, device);

    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null) =>
        dtype is { } type && type != data.dtype || device is not null && device.type != data.device_type
            ? data.to(dtype ?? data.dtype, device ?? data.device).requires_grad_(data.requires_grad)
            : data.alias();

    /// <summary>A one-dimensional tensor over the array's own memory, from the given element on.</summary>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        var length = rawArray.LongLength;
        if (offset < 0 || offset >= length) throw new ArgumentException($"invalid value for 'offset': {offset}");
        if (count < 0) count = length - offset;
        if (count > length - offset) throw new IndexOutOfRangeException($"element count is too large: {count}");
        var elementBytes = Buffer.ByteLength(rawArray) / length;
        return Factory.Share(rawArray, [count], Factory.TypeOf(rawArray), offset * elementBytes, dtype, null, requires_grad);
    }
}
