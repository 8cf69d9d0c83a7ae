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
/// Steps of a run from the cache, each a share of its epoch, in which files are read and the training set is measured, against
/// steps that would compute their embeddings too. The run finds its embeddings in the cache, where they were put as random numbers.
/// </summary>
internal sealed class TrainingStepMeasure : IMeasure
{
    private const int BatchSize = 8;

    public string Name => "training-step";

    public IReadOnlyList<Figure> Run(Effort effort)
    {
        var full = BenchNetwork.Config(effort);
        var config = BenchNetwork.Config(effort, effort == Effort.Full ? null : BenchNetwork.FewBlocks);
        using var model = BenchNetwork.Create(config);
        using var folder = new TemporaryFolder();
        var steps = effort switch { Effort.Smallest => 1, Effort.Quick => 3, _ => 8 };
        LabeledImage[] scenes = [.. Enumerable.Range(0, steps * BatchSize).Select(number => BenchScenes.Scene(number))];
        FillCache(model, folder.Path, scenes);
        var options = new TrainingOptions
        {
            Epochs = effort == Effort.Full ? 4 : 3,
            BatchSize = BatchSize,
            Schedule = new ConstantSchedule(),
            CacheFolder = folder.Path,
            Device = "cpu",
            KeepBest = false,
        };
        using var image = randn(1, 3, config.ImageSize, config.ImageSize);
        using var product = new MatrixProduct(effort == Effort.Smallest ? 1 : 5);
        product.Run();
        var before = Interleaved.Once(product.Run);
        var clock = new EpochClock();
        new SegmentationTrainer(model, ClassList.Voc.Names, options).Train(scenes, progress: clock);
        var memory = BenchNetwork.MemoryAboveWeights("training from the cache", model);
        var limit = (before + Interleaved.Once(product.Run)) / 2;
        var encoder = Interleaved.Time(effort == Effort.Full ? 3 : 1, () => BenchNetwork.Encode(model, image))[0] * (NetworkOperations.Encoder(full) / NetworkOperations.Encoder(config));
        var step = clock.Epochs / steps;
        var arithmetic = limit * (3 * BatchSize * NetworkOperations.Decoder(config, BenchNetwork.Classes) / product.Operations);
        return
        [
            new Figure("training from the cache, whole decoder, batch 8, whole epochs", BatchSize / step.Wall, "images/s") { Goal = Goal.ValueAtLeast(5) }
                .Over(step, arithmetic, "the decoder's arithmetic, three times, at the matrix product's rate"),
            new Figure("step with the encoder ÷ step from the cache", step.Wall, "s") { Goal = Goal.RatioAtLeast(25) }
                .FasterThan(step, step + encoder * BatchSize, $"the sum of that step and the encoder of an image × 8, by the arithmetic of {config.EncoderDepth} blocks"),
            memory,
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
}
