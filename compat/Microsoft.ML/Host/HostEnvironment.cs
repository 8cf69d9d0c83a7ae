namespace Microsoft.ML.Runtime;

/// <summary>The environment behind an <see cref="MLContext"/>, and the base of the hosts that register with it.</summary>
internal class HostEnvironment : IHostEnvironmentInternal
{
    private readonly Lock _lock = new();
    private readonly MessageDispatcher _dispatcher;
    private readonly HostEnvironment _parent;
    private readonly HybridRandom _random;

    public HostEnvironment(int? seed)
    {
        Seed = seed;
        _random = seed is null ? new HybridRandom(new Random()) : new HybridRandom((uint)seed.Value);
        _dispatcher = new MessageDispatcher();
        ComponentCatalog = new ComponentCatalog();
    }

    protected HostEnvironment(HostEnvironment parent, string name, HybridRandom random)
    {
        _parent = parent;
        ShortName = name;
        // A host directly below a context's host is called by its own name: the context has none, and the real one
        // takes the grandparent's.
        ParentFullName = parent._parent?.FullName;
        _random = random;
        _dispatcher = parent._dispatcher;
        ComponentCatalog = parent.ComponentCatalog;
        Seed = parent.Seed;
        TempFilePath = parent.TempFilePath;
        GpuDeviceId = parent.GpuDeviceId;
        FallbackToCpu = parent.FallbackToCpu;
    }

    public string ShortName { get; }

    public string ParentFullName { get; }

    public string FullName => ParentFullName is null ? ShortName : $"{ParentFullName}; {ShortName}";

    public string ContextDescription => "HostEnvironment";

    public ComponentCatalog ComponentCatalog { get; }

    public int? Seed { get; }

    public string TempFilePath { get; set; } = Path.GetTempPath();

    public int? GpuDeviceId { get; set; }

    public bool FallbackToCpu { get; set; }

    public Random Rand => _random;

    public void AddListener(Action<string, ChannelMessage> listener) => _dispatcher.AddListener(listener);

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        lock (_lock)
            return new Host(this, name, seed is null ? new HybridRandom(_random) : new HybridRandom((uint)seed.Value));
    }

    public IChannel Start(string name) => new Channel(this, name, _dispatcher);

    public IPipe<TMessage> StartPipe<TMessage>(string name) =>
        typeof(TMessage) == typeof(ChannelMessage) ? (IPipe<TMessage>)Start(name) : new Pipe<TMessage>(this, name);

    public IProgressChannel StartProgressChannel(string name)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        return new ProgressChannel(this, isNested: false);
    }

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        if (ex is null)
            return ex;
        ex.Data["Throwing component"] = "Environment";
        return Contracts.Mark(ex);
    }

    private sealed class Host(HostEnvironment parent, string name, HybridRandom random) : HostEnvironment(parent, name, random), IHost;
}
