using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>Tensors from .NET values.</summary>
internal static unsafe class Factory
{
    /// <summary>A copy of the array's elements.</summary>
    internal static Tensor Copy(Array array, ReadOnlySpan<long> sizes, ScalarType? dtype, Device? device, bool requiresGrad)
    {
        CheckTotal(array, sizes);
        var type = TypeOf(array);
        fixed (byte* memory = &MemoryMarshal.GetArrayDataReference(array))
        {
            return Finish(FromMemory(memory, sizes, type), dtype, device, requiresGrad);
        }
    }

    internal static Tensor CopyList<T>(IList<T> list, ReadOnlySpan<long> sizes, ScalarType? dtype, Device? device, bool requiresGrad) =>
        Copy(list as T[] ?? list.ToArray(), sizes, dtype, device, requiresGrad);

    internal static Tensor CopyScalar<T>(T value, ScalarType? dtype, Device? device, bool requiresGrad) where T : unmanaged =>
        Finish(FromMemory(&value, [], TypeOf(typeof(T))), dtype, device, requiresGrad);

    /// <summary>A tensor over the array's own memory, which stays pinned as long as the tensor lives.</summary>
    internal static Tensor Share(Array array, ReadOnlySpan<long> sizes, ScalarType type, long offsetBytes, ScalarType? dtype, Device? device, bool requiresGrad)
    {
        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        fixed (long* s = sizes)
        {
            var memory = (byte*)pin.AddrOfPinnedObject() + offsetBytes;
            var handle = NativeMethods.tsc_tensor_over(memory, s, sizes.Length, (int)type, &Unpin, GCHandle.ToIntPtr(pin));
            return Finish(NativeMethods.Checked(handle), dtype, device, requiresGrad);
        }
    }

    internal static Tensor FromScalar(Scalar scalar) => scalar.Type switch
    {
        ScalarType.Bool => CopyScalar(scalar.ToBoolean(), null, null, false),
        ScalarType.Byte => CopyScalar(scalar.ToByte(), null, null, false),
        ScalarType.Int8 => CopyScalar(scalar.ToSByte(), null, null, false),
        ScalarType.Int16 => CopyScalar(scalar.ToInt16(), null, null, false),
        ScalarType.Int32 => CopyScalar(scalar.ToInt32(), null, null, false),
        ScalarType.Int64 => CopyScalar(scalar.ToInt64(), null, null, false),
        ScalarType.Float64 => CopyScalar(scalar.ToDouble(), null, null, false),
        var type => CopyScalar(scalar.ToSingle(), type, null, false),
    };

    internal static ScalarType TypeOf(Array array) => TypeOf(array.GetType().GetElementType()!);

    internal static ScalarType TypeOf(Type type) =>
        type == typeof(float) ? ScalarType.Float32
        : type == typeof(double) ? ScalarType.Float64
        : type == typeof(long) ? ScalarType.Int64
        : type == typeof(int) ? ScalarType.Int32
        : type == typeof(short) ? ScalarType.Int16
        : type == typeof(byte) ? ScalarType.Byte
        : type == typeof(sbyte) ? ScalarType.Int8
        : type == typeof(bool) ? ScalarType.Bool
        : throw new NotSupportedException($"The type {type.FullName} is not supported.");

    internal static long[] Shape(Array array) => Enumerable.Range(0, array.Rank).Select(array.GetLongLength).ToArray();

    /// <summary>Gives a new tensor the type, the place and the flag that are wanted, leaving no intermediate behind.</summary>
    private static Tensor Finish(nint handle, ScalarType? dtype, Device? device, bool requiresGrad)
    {
        var tensor = new Tensor(handle);
        if (device is not null) InitializeDevice(device);
        if ((dtype is { } type && type != tensor.dtype) || (device is not null && device.type != DeviceType.CPU))
        {
            using var first = tensor;
            tensor = first.to(dtype ?? first.dtype, device ?? CPU);
        }

        return requiresGrad ? tensor.requires_grad_() : tensor;
    }

    private static nint FromMemory(void* memory, ReadOnlySpan<long> sizes, ScalarType type)
    {
        fixed (long* s = sizes)
        {
            return NativeMethods.Checked(NativeMethods.tsc_tensor_from_bytes(memory, s, sizes.Length, (int)type));
        }
    }

    private static void CheckTotal(Array array, ReadOnlySpan<long> sizes)
    {
        long total = 1;
        foreach (var size in sizes) total *= size;
        if (total != array.LongLength)
            throw new ArgumentException($"mismatched total size creating a tensor from an array: {total} vs. {array.LongLength}");
    }

    [UnmanagedCallersOnly]
    private static void Unpin(nint context) => GCHandle.FromIntPtr(context).Free();
}
