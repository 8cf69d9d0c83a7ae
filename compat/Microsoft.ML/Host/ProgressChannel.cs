namespace Microsoft.ML.Runtime;

/// <summary>
/// Checks what it is told. Neither the real context nor this one shows progress to anybody: only the message channel
/// reaches <c>MLContext.Log</c>.
/// </summary>
internal sealed class ProgressChannel : IProgressChannel
{
    private readonly IExceptionContext _context;
    private readonly bool _isNested;
    private ProgressHeader _header = new(metricNames: null, unitNames: null);
    private bool _disposed;

    public ProgressChannel(IExceptionContext context, bool isNested)
    {
        _context = context;
        _isNested = isNested;
    }

    public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction) => _header = header;

    public void Checkpoint(params double?[] values)
    {
        // The real one leaves checkpoints of nested channels out without looking at them.
        if (_isNested)
            return;
        _context.Check(!_disposed, "Can't report checkpoints after disposing");
        // First the metrics, then progress, then the limits of progress.
        var most = _header.MetricNames.Count + (2 * _header.UnitNames.Count);
        _context.Check((values?.Length ?? 0) <= most, "Too many values provided in Checkpoint");
    }

    public IProgressChannel StartProgressChannel(string name) => new ProgressChannel(_context, isNested: true);

    public void Dispose() => _disposed = true;
}
