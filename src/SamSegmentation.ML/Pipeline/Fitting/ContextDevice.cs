using System.Globalization;
using SamSegmentation.ML.Training;
using TorchSharp;

namespace SamSegmentation.ML.Pipeline.Fitting;

/// <summary>The device that an ML.NET context asks for by <c>GpuDeviceId</c> and <c>FallbackToCpu</c>.</summary>
internal static class ContextDevice
{
    /// <summary>The device's name: <c>cpu</c> without a GPU's number, else <c>cuda:N</c>, else <c>cpu</c> where that is allowed.</summary>
    /// <param name="gpuDeviceId">The GPU's number; null asks for the CPU.</param>
    /// <param name="fallbackToCpu">Whether the CPU will do where there is no such GPU.</param>
    /// <param name="warn">Told when it has to do.</param>
    /// <exception cref="InvalidOperationException">There is no such GPU, and the CPU will not do.</exception>
    public static string NameOf(int? gpuDeviceId, bool fallbackToCpu, Action<string> warn)
    {
        if (gpuDeviceId is not { } number)
            return "cpu";
        var name = string.Create(CultureInfo.InvariantCulture, $"cuda:{number}");
        var count = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        if (number >= 0 && number < count)
            return name;
        var reason = $"the context's GpuDeviceId is {number}, but libtorch sees {count} CUDA device(s)";
        if (!fallbackToCpu)
            throw new InvalidOperationException($"The device {name} cannot be used: {reason}, and FallbackToCpu is false.");
        warn($"Running on the CPU: {reason}.");
        return "cpu";
    }

    /// <inheritdoc cref="NameOf"/>
    public static torch.Device Resolve(int? gpuDeviceId, bool fallbackToCpu, Action<string> warn) =>
        DeviceName.Resolve(NameOf(gpuDeviceId, fallbackToCpu, warn));
}
