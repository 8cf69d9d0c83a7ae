using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime.Interop;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>One or several runs, which can be ended early.</summary>
public class RunOptions : SafeHandle
{
    public RunOptions()
        : base(0, ownsHandle: true) => SetHandle(OrtApi.New(OrtFunction.CreateRunOptions));

    public override bool IsInvalid => handle == 0;

    /// <summary>Whether runs with these options end as soon as they can, with an exception.</summary>
    public unsafe bool Terminate
    {
        get;
        set
        {
            if (value == field)
                return;
            var function = value ? OrtFunction.RunOptionsSetTerminate : OrtFunction.RunOptionsUnsetTerminate;
            OrtApi.Check(((delegate* unmanaged<nint, nint>)OrtApi.At(function))(handle));
            field = value;
        }
    }

    internal nint Handle => handle;

    protected override bool ReleaseHandle()
    {
        OrtApi.Release(OrtFunction.ReleaseRunOptions, handle);
        return true;
    }
}
