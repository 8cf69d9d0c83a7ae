using System.Diagnostics;
using SamSegmentation.Bench.Measuring;
using SamSegmentation.Bench.Subjects;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Schedules;

namespace SamSegmentation.Bench.Measures;

/// <summary>An epoch's time an image, as the training set grows, with a tiny network.</summary>
internal sealed class EpochMeasure : IMeasure
{
    private const int Side = 64;

    public string Name => "epoch";

    public IReadOnlyList<Figure> Run(Effort effort)
    {
        using var model = BenchNetwork.Create(BenchNetwork.Tiny);
        using var folder = new TemporaryFolder();
        int[] counts = effort switch { Effort.Smallest => [4, 8], Effort.Quick => [100, 1000], _ => [100, 300, 1000, 3000] };
        // All epochs read the same folder; the smallest set's first run also warms up.
        Epoch(counts[0]);
        var first = Epoch(counts[0]) / counts[0];
        return [.. counts[1..].Select(count =>
        {
            var time = Epoch(count) / count;
            return new Figure($"epoch of {count} images, an image (tiny network)", time.Wall * 1e3, "ms") { Goal = "≈ 1" }.Over(time, first, $"that of {counts[0]}");
        })];

        Timing Epoch(int count)
        {
            var ends = new EpochEnds();
            var options = new TrainingOptions { Epochs = 2, Schedule = new ConstantSchedule(), CacheFolder = folder.Path, Device = "cpu", KeepBest = false };
            new SegmentationTrainer(model, ClassList.Voc.Names, options).Train(Scenes(count), progress: ends);
            return ends.LastEpoch;
        }
    }

    private static IEnumerable<LabeledImage> Scenes(int count) => Enumerable.Range(0, count).Select(number => BenchScenes.Scene(number, Side, Side));

    private sealed class EpochEnds : IProgress<TrainingProgress>
    {
        private long _clock;
        private TimeSpan _processor;

        public Timing LastEpoch { get; private set; }

        public void Report(TrainingProgress value)
        {
            if (value.Completed is null)
                return;
            var (clock, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            LastEpoch = new Timing(Stopwatch.GetElapsedTime(_clock, clock).TotalSeconds, (processor - _processor).TotalSeconds);
            (_clock, _processor) = (clock, processor);
        }
    }
}
