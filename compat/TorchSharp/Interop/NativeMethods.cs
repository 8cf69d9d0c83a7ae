using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The C functions of libTorchSharpCompat (native/src); everything blittable.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "TorchSharpCompat";

    [DllImport(Library)] internal static extern nint tsc_last_error();

    [DllImport(Library)] internal static extern nint tsc_operator(byte* name, byte* overload);
    [DllImport(Library)] internal static extern int tsc_call(nint op, NativeValue* arguments, int count, NativeValue* results, int capacity);
    [DllImport(Library)] internal static extern void tsc_free_list(nint list);

    [DllImport(Library)] internal static extern void tsc_tensor_release(nint tensor);
    [DllImport(Library)] internal static extern nint tsc_tensor_alias(nint tensor);
    [DllImport(Library)] internal static extern int tsc_tensor_info(nint tensor, TensorInfo* info);
    [DllImport(Library)] internal static extern int tsc_tensor_sizes(nint tensor, long* sizes);
    [DllImport(Library)] internal static extern int tsc_tensor_strides(nint tensor, long* strides);
    [DllImport(Library)] internal static extern nint tsc_tensor_data(nint tensor, int* failed);
    [DllImport(Library)] internal static extern nint tsc_tensor_from_bytes(void* bytes, long* sizes, int dimensions, int scalarType);
    [DllImport(Library)]
    internal static extern nint tsc_tensor_over(
        void* memory, long* sizes, int dimensions, int scalarType, delegate* unmanaged<nint, void> release, nint context);
    [DllImport(Library)] internal static extern nint tsc_index(nint tensor, NativeIndex* indices, int count);
    [DllImport(Library)] internal static extern int tsc_index_put(nint tensor, NativeIndex* indices, int count, nint value);
    [DllImport(Library)]
    internal static extern int tsc_index_fill(nint tensor, NativeIndex* indices, int count, double real, long integer, int isInteger);
    [DllImport(Library)] internal static extern int tsc_get_default_dtype();
    [DllImport(Library)] internal static extern int tsc_set_default_dtype(int scalarType);

    [DllImport(Library)] internal static extern int tsc_set_requires_grad(nint tensor, int value);
    [DllImport(Library)] internal static extern int tsc_retain_grad(nint tensor);
    [DllImport(Library)] internal static extern nint tsc_get_grad(nint tensor);
    [DllImport(Library)] internal static extern int tsc_set_grad(nint tensor, nint grad);
    [DllImport(Library)]
    internal static extern int tsc_backward(
        nint* tensors, int count, nint* grads, int gradCount, int retainGraph, int createGraph, nint* inputs, int inputCount);
    [DllImport(Library)]
    internal static extern int tsc_grad(
        nint* outputs, int count, nint* inputs, int inputCount, nint* grads, int gradCount,
        int retainGraph, int createGraph, int allowUnused, nint* results);
    [DllImport(Library)] internal static extern nint tsc_attention(nint query, nint key, nint value, nint mask);
    [DllImport(Library)] internal static extern int tsc_grad_enabled();
    [DllImport(Library)] internal static extern void tsc_set_grad_enabled(int enabled);
    [DllImport(Library)] internal static extern int tsc_inference_enabled();
    [DllImport(Library)] internal static extern nint tsc_inference_enter(int enabled);
    [DllImport(Library)] internal static extern void tsc_inference_leave(nint guard);

    [DllImport(Library)] internal static extern int tsc_get_num_threads();
    [DllImport(Library)] internal static extern int tsc_set_num_threads(int count);
    [DllImport(Library)] internal static extern int tsc_get_num_interop_threads();
    [DllImport(Library)] internal static extern int tsc_set_num_interop_threads(int count);

    [DllImport(Library)] internal static extern nint tsc_generator_new(ulong seed);
    [DllImport(Library)] internal static extern nint tsc_generator_default();
    [DllImport(Library)] internal static extern void tsc_generator_release(nint generator);
    [DllImport(Library)] internal static extern int tsc_generator_set_seed(nint generator, ulong seed);
    [DllImport(Library)] internal static extern int tsc_generator_initial_seed(nint generator, ulong* seed);
    [DllImport(Library)] internal static extern int tsc_generator_seed(nint generator, ulong* seed);
    [DllImport(Library)] internal static extern nint tsc_generator_get_state(nint generator);
    [DllImport(Library)] internal static extern int tsc_generator_set_state(nint generator, nint state);

    /// <summary>libtorch's message becomes an exception, as in TorchSharp.</summary>
    internal static ExternalException LastError() =>
        new(Marshal.PtrToStringUTF8(tsc_last_error()) ?? "libtorch failed without a message");

    internal static nint Checked(nint handle) => handle != 0 ? handle : throw LastError();

    internal static void Check(int status)
    {
        if (status < 0) throw LastError();
    }
}
