using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where everything begins: the catalogs, the log, the settings that all components share.</summary>
public sealed class MLContext : IHostEnvironmentInternal
{
    private readonly HostEnvironment _environment;

    public MLContext(int? seed = null)
    {
        _environment = new HostEnvironment(seed);
        _environment.AddListener((source, message) => Log?.Invoke(this, new LoggingEventArgs(message.Message, message.Kind, source)));
        Transforms = new TransformsCatalog(_environment);
        Model = new ModelOperationsCatalog(_environment);
        Data = new DataOperationsCatalog(_environment);
    }

    public event EventHandler<LoggingEventArgs> Log;

    public TransformsCatalog Transforms { get; }

    public ModelOperationsCatalog Model { get; }

    public DataOperationsCatalog Data { get; }

    public ComponentCatalog ComponentCatalog => _environment.ComponentCatalog;

    public string TempFilePath
    {
        get => _environment.TempFilePath;
        set => _environment.TempFilePath = value;
    }

    public bool FallbackToCpu
    {
        get => _environment.FallbackToCpu;
        set => _environment.FallbackToCpu = value;
    }

    public int? GpuDeviceId
    {
        get => _environment.GpuDeviceId;
        set => _environment.GpuDeviceId = value;
    }

    int? IHostEnvironmentInternal.Seed => _environment.Seed;

    string IExceptionContext.ContextDescription => _environment.ContextDescription;

    TException IExceptionContext.Process<TException>(TException ex) => _environment.Process(ex);

    IHost IHostEnvironment.Register(string name, int? seed, bool? verbose) => _environment.Register(name, seed, verbose);

    IChannel IChannelProvider.Start(string name) => _environment.Start(name);

    IPipe<TMessage> IChannelProvider.StartPipe<TMessage>(string name) => _environment.StartPipe<TMessage>(name);

    IProgressChannel IProgressChannelProvider.StartProgressChannel(string name) => _environment.StartProgressChannel(name);
}
