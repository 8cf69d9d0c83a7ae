using SamSegmentation.Bench.Measuring;
using SamSegmentation.Bench.Subjects;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Schedules;

namespace SamSegmentation.Bench.Measures;

/// <summary>How an epoch's time grows with the training set, with a tiny network: the second epoch of a run, all that ends it included.</summary>
internal sealed class EpochMeasure : IMeasure
{
    private const int Side = 64;

    public string Name => "epoch";

    public IReadOnlyList<Figure> Run(Effort effort)
    {
        using var model = BenchNetwork.Create(BenchNetwork.Tiny);
        using var folder = new TemporaryFolder();
        int[] counts = effort switch { Effort.Smallest => [4, 8], Effort.Quick => [50, 150, 450], _ => [100, 300, 1000, 3000] };
        // The runtime compiles what runs often once more, in the background: a run of middle length puts that behind.
        Epoch(counts[^1] / 3);
        var times = Array.ConvertAll(counts, count => Epoch(count));
        return
        [
            .. counts.Skip(1).Select((count, i) => new Figure($"epoch of {count} images, an image (tiny network)", times[i + 1].Wall / count * 1e3, "ms")
                .Over(times[i + 1] / count, times[0] / counts[0], $"that of {counts[0]}")),
            new Figure($"epoch's growth from {counts[0]} to {counts[^1]} images", times[^1].Wall / times[0].Wall, "times")
            {
                // Below 1 where an epoch has a fixed cost; 2 would be quadratic.
                Ratio = Math.Log(times[^1].Wall / times[0].Wall) / Math.Log((double)counts[^1] / counts[0]),
                To = "a power of the number of images",
                Goal = Goal.RatioAtMost(1.05),
            },
        ];

        Timing Epoch(int count)
        {
            var clock = new EpochClock();
            var options = new TrainingOptions { Epochs = 2, Schedule = new ConstantSchedule(), CacheFolder = folder.Path, Device = "cpu", KeepBest = false };
            new SegmentationTrainer(model, ClassList.Voc.Names, options).Train(Scenes(count), progress: clock);
            return clock.Epochs;
        }
    }

    private static IEnumerable<LabeledImage> Scenes(int count) => Enumerable.Range(0, count).Select(number => BenchScenes.Scene(number, Side, Side));
}
