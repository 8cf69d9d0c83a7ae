using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Memory;
using SamSegmentation.ML.Tests.Modeling.Memory;
using SamSegmentation.ML.Tests.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Embeddings;

/// <summary>A pass whose batches do not fit the device's memory takes fewer images at once, and stores the same.</summary>
[Collection(LiveTensors.Alone)]
public sealed class SmallMemoryPassTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SemanticSam _model = TinyNetwork.Create();
    private readonly EmbeddingRecipe _recipe;
    private readonly RgbImage[] _images = [.. Enumerable.Range(0, 7).Select(i => TinyScenes.Make(i, 40 + i, 56).Image)];
    private readonly List<ReducedBatch> _reduced = [];

    public SmallMemoryPassTests() => _recipe = new EmbeddingRecipe(_model, Preprocessing.Sam, EmbeddingDType.Float32);

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(4, new[] { 4, 3 }, 4)]
    [InlineData(3, new[] { 4, 2, 2, 2, 1 }, 2)]
    [InlineData(1, new[] { 4, 2, 1, 1, 1, 1, 1, 1, 1 }, 1)]
    public void Run_BatchesThatDoNotFit_StoresWhatSingleImagesGive(int fit, int[] attempts, int left)
    {
        var single = new TensorCache(_folder.PathOf("single"));
        var small = new TensorCache(_folder.PathOf("small"));
        var device = new SmallDevice(fit);
        Run(new EmbeddingPass(_model, _recipe, single, CPU));
        var before = LiveTensors.Count();
        var pass = Pass(small, device);
        Assert.Equal(4, pass.CurrentBatchSize);

        var result = Run(pass);

        Assert.Equal(before, LiveTensors.Count());
        Assert.Equal((7, left), (result.Encoded, pass.CurrentBatchSize));
        Assert.Equal(attempts, device.Seen);
        Assert.Equal(attempts.Where(count => count > fit), _reduced.Select(batch => batch.From));
        foreach (var image in result.Images)
        {
            using var expected = single.Read(image.Key, ScalarType.Float32).Tensor!;
            using var found = small.Read(image.Key, ScalarType.Float32).Tensor!;
            // Batches are summed up in another order; an embedding's numbers near zero have no digits of their own.
            Assert.InRange((found - expected).abs().max().ToDouble(), 0, 1e-5 * expected.abs().max().ToDouble());
        }
    }

    [Fact]
    public void Run_OneImageDoesNotFit_SaysSoAndLeavesNoTensorAlive()
    {
        var cache = new TensorCache(_folder.PathOf("cache"));
        var before = LiveTensors.Count();

        var error = Assert.Throws<InsufficientMemoryException>(() => Run(Pass(cache, new SmallDevice(0))));

        Assert.Contains("EncoderPrecision", error.Message);
        Assert.Equal(before, LiveTensors.Count());
    }

    private EmbeddingPass Pass(TensorCache cache, SmallDevice device) => new(_model, _recipe, cache, CPU)
    {
        BatchSize = 4,
        OnReduced = _reduced.Add,
        Encoder = device.Run(images => _recipe.Compute(_model, images)),
    };

    private EmbeddingPassResult Run(EmbeddingPass pass) => pass.Run(Enumerable.Range(0, _images.Length), i => $"{i}", i => _images[i], cancellation: TestContext.Current.CancellationToken);
}
