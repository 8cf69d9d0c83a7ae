using System.Globalization;
using TorchSharp;

namespace SamSegmentation.ML.Training;

/// <summary>The text form of a device: <c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>.</summary>
public static class DeviceName
{
    /// <summary>Whether a text has this form; it may still name a device that is not there.</summary>
    /// <param name="text">The text.</param>
    public static bool IsValid(string? text) => text is "auto" or "cpu" or "cuda" || CudaIndex(text) is not null;

    /// <summary>The device that <paramref name="text"/> names.</summary>
    /// <param name="text">A valid name; <c>auto</c> is the first CUDA device if there is one, else the CPU.</param>
    /// <exception cref="ArgumentException">It is not a device's name.</exception>
    /// <exception cref="InvalidOperationException">It is a CUDA device that this machine or this libtorch does not have.</exception>
    public static torch.Device Resolve(string text)
    {
        if (!IsValid(text))
            throw new ArgumentException($"'{text}' is not a device; expected auto, cpu, cuda or cuda:N.", nameof(text));
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
