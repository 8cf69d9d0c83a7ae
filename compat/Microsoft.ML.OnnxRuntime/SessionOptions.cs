using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.OnnxRuntime.Interop;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>How a session runs its graph.</summary>
public class SessionOptions : SafeHandle
{
    public SessionOptions()
        : base(0, ownsHandle: true) => SetHandle(OrtApi.New(OrtFunction.CreateSessionOptions));

    public override bool IsInvalid => handle == 0;

    /// <summary>Threads within an operator; 0 leaves it to the library.</summary>
    public int IntraOpNumThreads
    {
        get;
        set
        {
            OrtApi.Set(OrtFunction.SetIntraOpNumThreads, handle, value);
            field = value;
        }
    }

    /// <summary>Threads over operators, which only parallel execution uses; 0 leaves it to the library.</summary>
    public int InterOpNumThreads
    {
        get;
        set
        {
            OrtApi.Set(OrtFunction.SetInterOpNumThreads, handle, value);
            field = value;
        }
    }

    public GraphOptimizationLevel GraphOptimizationLevel
    {
        get;
        set
        {
            OrtApi.Set(OrtFunction.SetSessionGraphOptimizationLevel, handle, (int)value);
            field = value;
        }
    } = GraphOptimizationLevel.ORT_ENABLE_ALL;

    public OrtLoggingLevel LogSeverityLevel
    {
        get;
        set
        {
            OrtApi.Set(OrtFunction.SetSessionLogSeverityLevel, handle, (int)value);
            field = value;
        }
    } = OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING;

    internal nint Handle => handle;

    public unsafe void AddSessionConfigEntry(string configKey, string configValue)
    {
        fixed (byte* key = Encoding.UTF8.GetBytes($"{configKey}\0"), value = Encoding.UTF8.GetBytes($"{configValue}\0"))
            OrtApi.Check(((delegate* unmanaged<nint, byte*, byte*, nint>)OrtApi.At(OrtFunction.AddSessionConfigEntry))(handle, key, value));
    }

    protected override bool ReleaseHandle()
    {
        OrtApi.Release(OrtFunction.ReleaseSessionOptions, handle);
        return true;
    }
}
