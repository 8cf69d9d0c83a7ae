using System.Collections.Concurrent;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>
/// Calls any ATen operator by its schema name and overload, such as <c>add.Tensor</c>.
/// Arguments go by position; those left out at the end take the schema's defaults.
/// </summary>
internal static unsafe class Aten
{
    private const int StackBytes = 512;

    private static readonly ConcurrentDictionary<string, nint> s_operators = new();

    /// <summary>An operator with one tensor as its result.</summary>
    internal static Tensor Call(string op, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(op, arguments, &result, 1);
        return new Tensor(result.Pointer);
    }

    internal static (Tensor, Tensor) Call2(string op, params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeValue[2];
        Invoke(op, arguments, results, 2);
        return (new Tensor(results[0].Pointer), new Tensor(results[1].Pointer));
    }

    internal static (Tensor, Tensor, Tensor) Call3(string op, params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeValue[3];
        Invoke(op, arguments, results, 3);
        return (new Tensor(results[0].Pointer), new Tensor(results[1].Pointer), new Tensor(results[2].Pointer));
    }

    /// <summary>An operator with a list of tensors as its result.</summary>
    internal static Tensor[] CallList(string op, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(op, arguments, &result, 1);
        var tensors = new Tensor[result.Length];
        for (var n = 0; n < tensors.Length; n++) tensors[n] = new Tensor(((nint*)result.Pointer)[n]);
        NativeMethods.tsc_free_list(result.Pointer);
        return tensors;
    }

    /// <summary>An operator whose result is not wanted: one that works in place returns what it was given.</summary>
    internal static void Run(string op, params ReadOnlySpan<Argument> arguments) => Invoke(op, arguments, null, 0);

    internal static bool CallBool(string op, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(op, arguments, &result, 1);
        return result.Integer != 0;
    }

    private static void Invoke(string op, ReadOnlySpan<Argument> arguments, NativeValue* results, int capacity)
    {
        var handle = s_operators.GetOrAdd(op, Find);
        var bytes = 0;
        foreach (ref readonly var argument in arguments) bytes += argument.ScratchBytes;
        Span<byte> scratch = bytes <= StackBytes ? stackalloc byte[StackBytes] : new byte[bytes];
        var values = stackalloc NativeValue[arguments.Length];
        fixed (byte* memory = scratch)
        {
            var next = memory;
            for (var n = 0; n < arguments.Length; n++) Marshal(in arguments[n], ref values[n], ref next);
            var count = NativeMethods.tsc_call(handle, values, arguments.Length, results, capacity);
            // A finaliser must not release a tensor while the operator reads it.
            foreach (ref readonly var argument in arguments) GC.KeepAlive(argument.Reference);
            if (count < 0) throw NativeMethods.LastError();
            if (count < capacity) throw new InvalidOperationException($"{op} has {count} results, {capacity} were expected");
        }
    }

    private static void Marshal(in Argument argument, ref NativeValue value, ref byte* next)
    {
        value.Kind = argument.Kind;
        value.Length = 0;
        value.Integer = argument.Bits;
        switch (argument.Reference)
        {
            case Tensor tensor:
                value.Pointer = tensor.Handle;
                break;
            case Generator generator:
                value.Pointer = generator.Handle;
                break;
            case long[] list:
                Copy<long>(list, ref value, ref next);
                break;
            case double[] list:
                Copy<double>(list, ref value, ref next);
                break;
            case bool[] list:
                Copy<bool>(list, ref value, ref next);
                break;
            case Tensor?[] list:
                value.Pointer = (nint)next;
                value.Length = list.Length;
                foreach (var tensor in list)
                {
                    *(nint*)next = tensor is null ? 0 : tensor.Handle;
                    next += sizeof(nint);
                }

                break;
            case string text:
                value.Pointer = (nint)next;
                value.Length = Encoding.UTF8.GetBytes(text, new Span<byte>(next, argument.ScratchBytes));
                next += argument.ScratchBytes;
                break;
        }
    }

    private static void Copy<T>(T[] list, ref NativeValue value, ref byte* next) where T : unmanaged
    {
        value.Pointer = (nint)next;
        value.Length = list.Length;
        list.CopyTo(new Span<T>(next, list.Length));
        next += (list.Length * sizeof(T) + 7) & ~7;
    }

    private static nint Find(string op)
    {
        var dot = op.IndexOf('.');
        var name = dot < 0 ? op : op[..dot];
        var overload = dot < 0 ? "" : op[(dot + 1)..];
        fixed (byte* n = Encoding.UTF8.GetBytes($"aten::{name}\0"), o = Encoding.UTF8.GetBytes($"{overload}\0"))
        {
            return NativeMethods.Checked(NativeMethods.tsc_operator(n, o));
        }
    }
}
