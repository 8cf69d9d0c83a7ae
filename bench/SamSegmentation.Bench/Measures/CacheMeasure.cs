using SamSegmentation.Bench.Measuring;
using SamSegmentation.Bench.Subjects;
using SamSegmentation.ML.Embeddings;
using static TorchSharp.torch;

namespace SamSegmentation.Bench.Measures;

/// <summary>An embedding read from the cache, and checked, against one that is computed.</summary>
internal sealed class CacheMeasure : IMeasure
{
    private const int Reads = 20;

    // Reading is thousands of times as fast as a sixth of the encoder.
    private const int FewBlocks = 2;

    public string Name => "cache";

    public IReadOnlyList<Figure> Run(Effort effort)
    {
        var config = BenchNetwork.Config(effort, effort == Effort.Full ? null : FewBlocks);
        using var model = BenchNetwork.Create(config);
        using var folder = new TemporaryFolder();
        var cache = new TensorCache(folder.Path);
        var key = new CacheKey(new string('0', 64));
        using var image = randn(1, 3, config.ImageSize, config.ImageSize);
        using var embedding = randn(config.EmbeddingChannels, config.GridSize, config.GridSize).to(ScalarType.Float16);
        cache.Write(key, embedding);
        var timings = Interleaved.Time(
            effort == Effort.Full ? 3 : 1,
            () =>
            {
                for (var i = 0; i < Reads; i++)
                    cache.Read(key, ScalarType.Float16).Tensor!.Dispose();
            },
            () =>
            {
                for (var i = 0; i < Reads; i++)
                    cache.Write(key, embedding);
            },
            () => BenchNetwork.Encode(model, image));
        var encoder = $"the encoder, {config.EncoderDepth} blocks";
        return
        [
            new Figure("embedding computed ÷ read from the cache", timings[0].Wall / Reads * 1e3, "ms") { Goal = Goal.RatioAtLeast(100) }
                .FasterThan(timings[0] / Reads, timings[2], encoder),
            new Figure("embedding computed ÷ written to the cache", timings[1].Wall / Reads * 1e3, "ms")
                .FasterThan(timings[1] / Reads, timings[2], encoder),
        ];
    }
}
