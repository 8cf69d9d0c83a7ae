namespace SamSegmentation.ML.Tests.Hosting;

/// <summary>A clock whose timers go off when the test says so.</summary>
internal sealed class StoppedClock : TimeProvider
{
    private readonly SemaphoreSlim _set = new(0);
    private Timer? _timer;

    /// <summary>Waits until the timer is set, which is when a change was noticed, and lets its time be over.</summary>
    public async Task PassAsync()
    {
        await _set.WaitAsync();
        _timer!.GoOff();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => _timer = new Timer(this, callback, state);

    private sealed class Timer(StoppedClock clock, TimerCallback callback, object? state) : ITimer
    {
        public void GoOff() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Assert(dueTime);
            clock._set.Release();
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static void Assert(TimeSpan due) => Xunit.Assert.Equal(TimeSpan.FromSeconds(1), due);
    }
}
