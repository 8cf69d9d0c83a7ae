using System.Globalization;
using TorchSharp;

namespace SamSegmentation.ML.Training;

/// <summary>The text form of a device: <c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>.</summary>
internal static class DeviceName
{
    public static bool IsValid(string? text) => text is "auto" or "cpu" or "cuda" || CudaIndex(text) is not null;

    /// <summary>The device that <paramref name="text"/> names.</summary>
    /// <exception cref="InvalidOperationException">It is a CUDA device that this machine or this libtorch does not have.</exception>
    public static torch.Device Resolve(string text)
    {
        var cuda = torch.cuda.is_available();
        if (text == "cpu" || (text == "auto" && !cuda))
            return torch.CPU;
        var index = CudaIndex(text) ?? 0;
        var count = cuda ? torch.cuda.device_count() : 0;
        if (index >= count)
            throw new InvalidOperationException($"The device '{text}' was asked for, but libtorch sees {count} CUDA device(s).");
        return torch.device(DeviceType.CUDA, index);
    }

    private static int? CudaIndex(string? text) =>
        text is not null
        && text.StartsWith("cuda:", StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : null;
}
