using Spectre.Console;

namespace SamSegmentation.Cli.Display;

/// <summary>A terminal: lines, with the current stage's bar below them.</summary>
/// <param name="console">The terminal.</param>
internal sealed class TerminalDisplay(IAnsiConsole console) : IDisplay
{
    private readonly Lock _lock = new();
    private ProgressContext? _bars;
    private ProgressTask? _bar;
    private string? _stage;

    /// <inheritdoc/>
    public async Task<T> ShowAsync<T>(Func<T> work)
    {
        try
        {
            return await console.Progress()
                .AutoClear(true)
                .HideCompleted(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new SpinnerColumn())
                .StartAsync(bars =>
                {
                    lock (_lock)
                        _bars = bars;
                    return Task.Run(work);
                });
        }
        finally
        {
            lock (_lock)
                (_bars, _bar, _stage) = (null, null, null);
        }
    }

    /// <inheritdoc/>
    public void Line(string text)
    {
        lock (_lock)
            console.WriteLine(text);
    }

    /// <inheritdoc/>
    public void Progress(string stage, int done, int? total, string detail = "")
    {
        lock (_lock)
        {
            if (_bars is null)
                return;
            if (stage != _stage)
            {
                _bar?.StopTask();
                _bar = _bars.AddTask(Markup.Escape(stage));
                _stage = stage;
            }
            _bar!.Description = Markup.Escape(detail.Length > 0 ? $"{stage}  {detail}" : stage);
            _bar.IsIndeterminate = total is null;
            _bar.MaxValue = Math.Max(1, total ?? 1);
            _bar.Value = total is null ? 0 : done;
        }
    }
}
