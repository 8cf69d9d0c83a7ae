using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Settings;
using SamSegmentation.ML.Training;
using TorchSharp;

namespace SamSegmentation.Cli.Networks;

/// <summary>Where a network runs.</summary>
internal static class Machine
{
    /// <summary>Sets torch's threads and finds the device.</summary>
    /// <param name="loaded">The settings.</param>
    /// <exception cref="ConfigurationException">The device's name is none.</exception>
    /// <exception cref="InvalidOperationException">There is no such device.</exception>
    public static torch.Device Prepare(LoadedSettings<SamSegSettings> loaded)
    {
        var options = loaded.Settings.Training;
        if (!DeviceName.IsValid(options.Device))
            throw new ConfigurationException([loaded.Problem("run.device", $"expected auto, cpu, cuda or cuda:N, found '{options.Device}'")]);
        if (options.ThreadCount is { } threads)
            torch.set_num_threads(threads);
        return DeviceName.Resolve(options.Device);
    }
}
