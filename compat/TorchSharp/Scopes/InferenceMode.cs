using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>
/// Sets the thread's inference mode until it is disposed. There is no finaliser: libtorch's guard belongs to the thread
/// that made it.
/// </summary>
internal sealed class InferenceMode : IDisposable
{
    private nint _guard;

    internal InferenceMode(bool enabled) => _guard = NativeMethods.tsc_inference_enter(enabled ? 1 : 0);

    public void Dispose()
    {
        var guard = Interlocked.Exchange(ref _guard, 0);
        if (guard != 0) NativeMethods.tsc_inference_leave(guard);
    }
}
