using System.Collections;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor on the CPU in row-major order, whatever its strides.</summary>
public class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly nint _data;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly bool _contiguous;

    // Keeps the memory alive.
    private torch.Tensor? _tensor;

    public TensorAccessor(torch.Tensor tensor)
    {
        if (tensor.device_type != DeviceType.CPU)
        {
            throw new InvalidOperationException(
                "Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        }

        _tensor = tensor;
        _data = tensor.DataPointer;
        _shape = tensor.shape;
        _strides = tensor.stride();
        _contiguous = tensor.is_contiguous();
        Count = tensor.numel();
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    /// <summary>One index counts elements row by row; more address one dimension each.</summary>
    public unsafe T this[params long[] indices]
    {
        get => ((T*)_data)[Offset(indices)];
        set => ((T*)_data)[Offset(indices)] = value;
    }

    public T[] ToArray()
    {
        var result = new T[Count];
        CopyTo(result);
        return result;
    }

    /// <summary>The elements in a .NET array of as many dimensions; a scalar gives one of length 1.</summary>
    public Array ToNDArray()
    {
        var result = Array.CreateInstance(typeof(T), _shape.Length == 0 ? [1L] : _shape);
        ToArray().AsSpan().CopyTo(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(RawBytes(result)));
        return result;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var count = CountFrom(array, arrayIndex, tensorIndex);
        if (_contiguous) Elements(tensorIndex, count).CopyTo(array.AsSpan(arrayIndex));
        else for (var n = 0; n < count; n++) array[arrayIndex + n] = At(tensorIndex + n);
    }

    public unsafe void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var count = CountFrom(array, arrayIndex, tensorIndex);
        if (_contiguous) array.AsSpan(arrayIndex, count).CopyTo(Elements(tensorIndex, count));
        else for (var n = 0; n < count; n++) ((T*)_data)[Linear(tensorIndex + n)] = array[arrayIndex + n];
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long n = 0; n < Count; n++) yield return At(n);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        _tensor = null;
        GC.SuppressFinalize(this);
    }

    private static unsafe Span<byte> RawBytes(Array array) =>
        System.Runtime.InteropServices.MemoryMarshal.CreateSpan(
            ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array), checked((int)(array.LongLength * sizeof(T))));

    private unsafe T At(long index) => ((T*)_data)[Linear(index)];

    private unsafe Span<T> Elements(long start, int count) => new((T*)_data + start, count);

    private int CountFrom(T[] array, int arrayIndex, long tensorIndex)
    {
        if (Count == 0) return 0;
        if (tensorIndex < 0 || tensorIndex >= Count) throw new ArgumentOutOfRangeException(nameof(tensorIndex));
        return (int)Math.Min(array.Length - arrayIndex, Count - tensorIndex);
    }

    private long Offset(long[] indices)
    {
        if (indices.Length == 1)
        {
            if (indices[0] < 0 || indices[0] >= Count) throw new IndexOutOfRangeException();
            return Linear(indices[0]);
        }

        long offset = 0;
        for (var n = 0; n < _shape.Length; n++)
        {
            if (indices[n] < 0 || indices[n] >= _shape[n]) throw new IndexOutOfRangeException($"{indices[n]} >= {_shape[n]} in dimension {n}.");
            offset += indices[n] * _strides[n];
        }

        return offset;
    }

    private long Linear(long index)
    {
        if (_contiguous) return index;
        long offset = 0;
        for (var n = _shape.Length - 1; n >= 0; n--)
        {
            index = Math.DivRem(index, _shape[n], out var position);
            offset += position * _strides[n];
        }

        return offset;
    }
}
