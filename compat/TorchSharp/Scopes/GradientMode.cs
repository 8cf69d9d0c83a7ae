using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Sets the thread's gradient mode until it is disposed.</summary>
internal sealed class GradientMode : IDisposable
{
    private readonly bool _previous;

    internal GradientMode(bool enabled)
    {
        _previous = torch.is_grad_enabled();
        NativeMethods.tsc_set_grad_enabled(enabled ? 1 : 0);
    }

    public void Dispose() => NativeMethods.tsc_set_grad_enabled(_previous ? 1 : 0);
}
