using SamSegmentation.Bench.Measuring;
using SamSegmentation.Bench.Subjects;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using static TorchSharp.torch;

namespace SamSegmentation.Bench.Measures;

/// <summary>The pass of the frozen encoder over files, against the encoder alone; and its memory as the images grow in number.</summary>
internal sealed class EmbeddingPassMeasure : IMeasure
{
    // A sixth of ViT-B: whatever the pass adds weighs six times as much as in earnest.
    private const int Blocks = 2;
    private const int SmallSide = 64;

    public string Name => "embedding-pass";

    public IReadOnlyList<Figure> Run(Effort effort) => [.. Memory(effort), Throughput(effort)];

    private static Figure Throughput(Effort effort)
    {
        var config = BenchNetwork.Config(effort, Blocks);
        using var model = BenchNetwork.Create(config);
        using var folder = new TemporaryFolder();
        var path = folder.File("scene.jpg");
        using (var picture = BenchScenes.Image(0).ToMLImage())
            picture.Save(path);
        using var image = randn(1, 3, config.ImageSize, config.ImageSize);
        var pass = Pass(model, folder.Path);
        var count = effort switch { Effort.Smallest => 2, Effort.Quick => 3, _ => 24 };
        RunPass(1);
        var timings = Interleaved.TimeWarm(
            effort == Effort.Full ? 3 : 1,
            () => RunPass(count),
            () =>
            {
                for (var i = 0; i < count; i++)
                    BenchNetwork.Encode(model, image);
            });
        return new Figure($"embedding pass over JPEG files, {config.EncoderDepth} encoder blocks", timings[0].Wall / count, "s/image") { Goal = Goal.RatioAtMost(1.05) }
            .Over(timings[0], timings[1], "the encoder alone");

        void RunPass(int images) => pass.Run(Enumerable.Range(0, images), number => $"{number}", _ => RgbImage.Load(path));
    }

    private static IEnumerable<Figure> Memory(Effort effort)
    {
        using var model = BenchNetwork.Create(BenchNetwork.Tiny);
        using var folder = new TemporaryFolder();
        var pass = Pass(model, folder.Path);
        var (few, many) = effort switch { Effort.Smallest => (2, 4), Effort.Quick => (100, 1000), _ => (100, 10_000) };
        Run(few);
        var before = MeasureProcess.PeakMebibytes();
        Run(many);
        var after = MeasureProcess.PeakMebibytes();
        yield return new Figure($"embedding pass: peak memory after {many} images (tiny encoder)", after, "MiB") { Ratio = after / before, To = $"after {few}", Goal = Goal.RatioAtMost(1.25) };

        void Run(int count) => pass.Run(Enumerable.Range(0, count), number => $"{number}", number => BenchScenes.Image(number, SmallSide, SmallSide));
    }

    private static EmbeddingPass Pass(SemanticSam model, string folder) =>
        new(model, new EmbeddingRecipe(model, Preprocessing.Sam, EmbeddingDType.Float16), new TensorCache(folder), CPU) { ReuseCache = false };
}
