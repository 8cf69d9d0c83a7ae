using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Interop;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>What all sessions of a process share.</summary>
public sealed unsafe class OrtEnv : SafeHandle
{
    private static readonly Lazy<OrtEnv> s_instance = new(() => new OrtEnv());

    private OrtEnv()
        : base(0, ownsHandle: true)
    {
        nint made;
        fixed (byte* name = "CSharpOnnxRuntime\0"u8)
            OrtApi.Check(((delegate* unmanaged<OrtLoggingLevel, byte*, nint*, nint>)OrtApi.At(OrtFunction.CreateEnv))(OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING, name, &made));
        SetHandle(made);
    }

    public override bool IsInvalid => handle == 0;

    internal nint Handle => handle;

    public static OrtEnv Instance() => s_instance.Value;

    public string GetVersionString() => OrtApi.Version;

    // It lives as long as the process: when that ends, sessions that nobody disposed may still use it.
    protected override bool ReleaseHandle() => true;
}
