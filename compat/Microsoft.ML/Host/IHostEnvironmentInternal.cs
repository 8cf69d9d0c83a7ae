namespace Microsoft.ML.Runtime;

/// <summary>The settings of the context, which every host that is registered with it inherits.</summary>
internal interface IHostEnvironmentInternal : IHostEnvironment
{
    int? Seed { get; }

    string TempFilePath { get; set; }

    bool FallbackToCpu { get; set; }

    int? GpuDeviceId { get; set; }
}
