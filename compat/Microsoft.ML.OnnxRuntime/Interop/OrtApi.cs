using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime.Interop;

/// <summary>
/// Calls functions of ONNX Runtime's C API. Each gives a status, null for success, which <see cref="Check"/> turns into an
/// exception; those that release something give nothing.
/// </summary>
internal static unsafe class OrtApi
{
    // The version whose functions the table must have; a library that is older gives no table.
    private const uint ApiVersion = 14;

    private static readonly nint* s_functions;
    private static readonly delegate* unmanaged<byte*> s_getVersion;

    // As in the real library: without the native one, whoever comes first gets a TypeInitializationException of a DllNotFoundException.
    static OrtApi()
    {
        // Two functions: one that gives the table of a version, one that gives the library's version as text.
        var start = OrtGetApiBase();
        s_getVersion = (delegate* unmanaged<byte*>)start[1];
        s_functions = ((delegate* unmanaged<uint, nint*>)start[0])(ApiVersion);
        if (s_functions is null)
            throw new NotSupportedException($"The native ONNX Runtime {Version} lacks version {ApiVersion} of its API.");
        Allocator = New(OrtFunction.GetAllocatorWithDefaultOptions);
    }

    public static string Version => Text(s_getVersion());

    /// <summary>What the library's own texts are made in and freed by.</summary>
    public static nint Allocator { get; }

    /// <summary>A function's address, which its caller gives the type.</summary>
    public static void* At(OrtFunction function) => (void*)s_functions[(int)function];

    /// <exception cref="OnnxRuntimeException">The status is a failure.</exception>
    public static void Check(nint status)
    {
        if (status == 0)
            return;
        var code = ((delegate* unmanaged<nint, ErrorCode>)At(OrtFunction.GetErrorCode))(status);
        var message = Text(((delegate* unmanaged<nint, byte*>)At(OrtFunction.GetErrorMessage))(status));
        Release(OrtFunction.ReleaseStatus, status);
        throw new OnnxRuntimeException(code, message);
    }

    /// <summary>Frees what a function made.</summary>
    public static void Release(OrtFunction function, nint handle) => ((delegate* unmanaged<nint, void>)At(function))(handle);

    /// <summary>What a function without arguments makes.</summary>
    public static nint New(OrtFunction function)
    {
        nint made;
        Check(((delegate* unmanaged<nint*, nint>)At(function))(&made));
        return made;
    }

    /// <summary>What a function of one handle gives: a handle or a number.</summary>
    public static T Get<T>(OrtFunction function, nint of)
        where T : unmanaged
    {
        T value;
        Check(((delegate* unmanaged<nint, T*, nint>)At(function))(of, &value));
        return value;
    }

    /// <summary>What a function of a handle and an index gives.</summary>
    public static nint Get(OrtFunction function, nint of, int index)
    {
        nint value;
        Check(((delegate* unmanaged<nint, nint, nint*, nint>)At(function))(of, index, &value));
        return value;
    }

    /// <summary>Hands a number to a function of one handle.</summary>
    public static void Set(OrtFunction function, nint of, int value) => Check(((delegate* unmanaged<nint, int, nint>)At(function))(of, value));

    /// <summary>A text that a function of one handle makes.</summary>
    public static string GetText(OrtFunction function, nint of)
    {
        byte* text;
        Check(((delegate* unmanaged<nint, nint, byte**, nint>)At(function))(of, Allocator, &text));
        return Take(text);
    }

    /// <summary>A text that a function of a handle and an index makes.</summary>
    public static string GetText(OrtFunction function, nint of, int index)
    {
        byte* text;
        Check(((delegate* unmanaged<nint, nint, nint, byte**, nint>)At(function))(of, index, Allocator, &text));
        return Take(text);
    }

    /// <summary>A text that the library made for us, which is freed.</summary>
    public static string Take(byte* text)
    {
        var copy = Text(text);
        Free(text);
        return copy;
    }

    /// <summary>Frees what the library made with its allocator.</summary>
    public static void Free(void* memory) => Check(((delegate* unmanaged<nint, void*, nint>)At(OrtFunction.AllocatorFree))(Allocator, memory));

    /// <summary>A text that stays the library's.</summary>
    public static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    [DllImport("onnxruntime")]
    private static extern nint* OrtGetApiBase();
}
