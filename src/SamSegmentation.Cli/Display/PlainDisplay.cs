namespace SamSegmentation.Cli.Display;

/// <summary>
/// Plain lines, for files, pipes and logs. Progress appears once a minute at most, so that a long stage shows that it
/// lives and a short one takes no line.
/// </summary>
/// <param name="output">Takes the lines.</param>
/// <param name="clock">Tells when a minute is over.</param>
internal sealed class PlainDisplay(TextWriter output, TimeProvider clock) : IDisplay
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private string? _stage;
    private long _since;

    /// <inheritdoc/>
    public Task<T> ShowAsync<T>(Func<T> work) => Task.Run(work);

    /// <inheritdoc/>
    public void Line(string text)
    {
        lock (_lock)
        {
            output.WriteLine(text);
            output.Flush();
        }
    }

    /// <inheritdoc/>
    public void Progress(string stage, int done, int? total, string detail = "")
    {
        lock (_lock)
        {
            if (stage != _stage)
                (_stage, _since) = (stage, clock.GetTimestamp());
            if (clock.GetElapsedTime(_since) < s_interval)
                return;
            _since = clock.GetTimestamp();
            var line = total is { } all ? $"{stage}: {done} of {all}" : $"{stage}: {done}";
            Line(detail.Length > 0 ? $"{line}, {detail}" : line);
        }
    }
}
