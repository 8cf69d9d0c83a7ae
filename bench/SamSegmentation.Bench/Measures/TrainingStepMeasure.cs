using SamSegmentation.Bench.Measuring;
using SamSegmentation.Bench.Subjects;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Schedules;
using static TorchSharp.torch;

namespace SamSegmentation.Bench.Measures;

/// <summary>
/// Steps of a whole run from the cache, its reading and its measuring of the training set included, against steps that
/// would compute their embeddings. The run finds its embeddings in the cache, where they were put as random numbers.
/// </summary>
internal sealed class TrainingStepMeasure : IMeasure
{
    private const int Images = 16;
    private const int BatchSize = 8;

    public string Name => "training-step";

    public IReadOnlyList<Figure> Run(Effort effort)
    {
        var config = BenchNetwork.Config(effort);
        using var model = BenchNetwork.Create(config);
        using var folder = new TemporaryFolder();
        LabeledImage[] scenes = [.. Enumerable.Range(0, Images).Select(number => BenchScenes.Scene(number))];
        FillCache(model, folder.Path, scenes);
        var options = new TrainingOptions
        {
            Epochs = effort switch { Effort.Smallest => 1, Effort.Quick => 3, _ => 8 },
            BatchSize = BatchSize,
            Schedule = new ConstantSchedule(),
            CacheFolder = folder.Path,
            Device = "cpu",
            KeepBest = false,
        };
        var steps = new StepTimes();
        new SegmentationTrainer(model, ClassList.Voc.Names, options).Train(scenes, progress: steps);
        using var image = randn(1, 3, config.ImageSize, config.ImageSize);
        using var product = new MatrixProduct(effort == Effort.Smallest ? 1 : 10);
        var timings = Interleaved.Time(effort == Effort.Full ? 3 : 1, product.Run, () =>
        {
            using var noGradient = no_grad();
            using var embedding = model.encode(image);
        });
        var step = steps.Median();
        var arithmetic = timings[0] * (3 * BatchSize * NetworkOperations.Decoder(config, BenchNetwork.Classes) / product.Operations);
        return
        [
            new Figure("training from the cache, whole decoder, batch 8", BatchSize / step.Wall, "images/s") { Goal = "≥ 5 images/s" }
                .Over(step, arithmetic, "the decoder's arithmetic, three times, at the matrix product's rate"),
            new Figure("step with the encoder ÷ step from the cache", step.Wall, "s") { Goal = "≥ 25" }
                .FasterThan(step, step + timings[1] * BatchSize, "that step and the encoder of an image × 8"),
        ];
    }

    private static void FillCache(SemanticSam model, string folder, IEnumerable<LabeledImage> scenes)
    {
        using var scope = NewDisposeScope();
        var recipe = new EmbeddingRecipe(model, Preprocessing.Sam, EmbeddingDType.Float16);
        var cache = new TensorCache(folder);
        long[] shape = [.. recipe.Shape];
        foreach (var scene in scenes)
            cache.Write(recipe.KeyOf(scene.Image), randn(shape).to(ScalarType.Float16));
    }

    /// <summary>The times between the ends of an epoch's steps.</summary>
    private sealed class StepTimes : IProgress<TrainingProgress>
    {
        private readonly List<Timing> _times = [];
        private long _clock;
        private TimeSpan _processor;

        public void Report(TrainingProgress value)
        {
            var (clock, processor) = (System.Diagnostics.Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            if (value.Loss is null)
                return;
            // An epoch's first step waits for its first batch, and the run's first warms up.
            if (value.Done > 1)
                _times.Add(new Timing(System.Diagnostics.Stopwatch.GetElapsedTime(_clock, clock).TotalSeconds, (processor - _processor).TotalSeconds));
            (_clock, _processor) = (clock, processor);
        }

        public Timing Median() => Timing.MedianOf(_times);
    }
}
