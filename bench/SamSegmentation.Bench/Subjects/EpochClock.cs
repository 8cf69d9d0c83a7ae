using System.Diagnostics;
using SamSegmentation.Bench.Measuring;
using SamSegmentation.ML.Training;

namespace SamSegmentation.Bench.Subjects;

/// <summary>Times a run's epochs, all that ends an epoch included; the first, which follows the preparations, is not counted.</summary>
internal sealed class EpochClock : IProgress<TrainingProgress>
{
    private readonly List<Timing> _epochs = [];
    private long _clock;
    private TimeSpan _processor;

    /// <summary>The epochs from the second on.</summary>
    public Timing Epochs => Timing.Of(_epochs);

    public void Report(TrainingProgress value)
    {
        if (value.Completed is null)
            return;
        var (clock, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        if (_clock > 0)
            _epochs.Add(new Timing(Stopwatch.GetElapsedTime(_clock, clock).TotalSeconds, (processor - _processor).TotalSeconds));
        (_clock, _processor) = (clock, processor);
    }
}
