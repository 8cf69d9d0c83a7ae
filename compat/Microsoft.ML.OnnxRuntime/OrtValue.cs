using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Interop;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>A tensor over memory of the caller, or one that a session made.</summary>
public unsafe class OrtValue : IDisposable
{
    private nint _handle;
    private MemoryHandle? _memory;

    internal OrtValue(nint handle, MemoryHandle? memory = null)
    {
        _handle = handle;
        _memory = memory;
        OnnxType = (OnnxValueType)OrtApi.Get<int>(OrtFunction.GetValueType, handle);
    }

    ~OrtValue() => Dispose(false);

    public OnnxValueType OnnxType { get; }

    public bool IsTensor => OnnxType == OnnxValueType.ONNX_TYPE_TENSOR;

    internal nint Handle => _handle;

    /// <summary>A tensor over an array, which stays pinned until the value is disposed.</summary>
    public static OrtValue CreateTensorValueFromMemory<T>(T[] data, long[] shape)
        where T : unmanaged => CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, new Memory<T>(data), shape);

    /// <summary>A tensor over memory, which stays pinned until the value is disposed.</summary>
    public static OrtValue CreateTensorValueFromMemory<T>(OrtMemoryInfo memoryInfo, Memory<T> memory, long[] shape)
        where T : unmanaged
    {
        var element = ElementTypes.Of(typeof(T));
        var count = shape.Aggregate(1L, (product, side) => product * side);
        if (count > memory.Length)
            throw new OnnxRuntimeException(ErrorCode.InvalidArgument, $"Managed memory size: {memory.Length} elements is less than shape size: {count} elements");
        var pinned = memory.Pin();
        try
        {
            nint made;
            fixed (long* sides = shape)
                OrtApi.Check(((delegate* unmanaged<nint, void*, nint, long*, nint, TensorElementType, nint*, nint>)OrtApi.At(OrtFunction.CreateTensorWithDataAsOrtValue))(
                    memoryInfo.Pointer, pinned.Pointer, (nint)memory.Length * sizeof(T), sides, shape.Length, element, &made));
            return new OrtValue(made, pinned);
        }
        catch
        {
            pinned.Dispose();
            throw;
        }
    }

    public ReadOnlySpan<T> GetTensorDataAsSpan<T>()
        where T : unmanaged => GetTensorMutableDataAsSpan<T>();

    public Span<T> GetTensorMutableDataAsSpan<T>()
        where T : unmanaged
    {
        var info = GetTensorTypeAndShape();
        if (info.IsString)
            throw new OnnxRuntimeException(ErrorCode.InvalidArgument, "Strings are not supported by this API");
        var (type, size) = ElementTypes.Of(info.ElementDataType);
        if (typeof(T) != typeof(byte) && typeof(T) != type)
            throw new OnnxRuntimeException(ErrorCode.InvalidArgument, $"Requested type: {typeof(T)} does not match the actual type: {type}");
        return info.ElementCount == 0
            ? []
            : MemoryMarshal.Cast<byte, T>(new Span<byte>((void*)OrtApi.Get<nint>(OrtFunction.GetTensorMutableData, _handle), checked((int)(info.ElementCount * size))));
    }

    public OrtTensorTypeAndShapeInfo GetTensorTypeAndShape()
    {
        if (!IsTensor)
            throw new OnnxRuntimeException(ErrorCode.InvalidArgument, $"This OrtValue type contains: {OnnxType}, not a tensor or sparse tensor");
        var info = OrtApi.Get<nint>(OrtFunction.GetTensorTypeAndShape, _handle);
        try
        {
            return new OrtTensorTypeAndShapeInfo(info);
        }
        finally
        {
            OrtApi.Release(OrtFunction.ReleaseTensorTypeAndShapeInfo, info);
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (_handle == 0)
            return;
        OrtApi.Release(OrtFunction.ReleaseValue, _handle);
        _handle = 0;
        _memory?.Dispose();
        _memory = null;
    }
}
