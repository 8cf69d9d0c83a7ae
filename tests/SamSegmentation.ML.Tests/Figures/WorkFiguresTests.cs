using System.Globalization;
using SamSegmentation.Bench.Subjects;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Losses;
using SamSegmentation.ML.Training.Optimization;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Figures;

/// <summary>
/// What a step, an encoder pass, a prediction and an image of the embedding pass take, by no clock: work.txt holds
/// products, tensors and bytes, exactly. A copy, a temporary tensor or a product more makes a test fail. Whoever means it
/// writes the new figures, which the failure shows, into the file.
/// </summary>
[Collection(LiveTensors.Alone)]
public sealed class WorkFiguresTests : IDisposable
{
    private const int Classes = 21;

    // ViT-B's decoder at half its side; two blocks of an encoder of a quarter of its width, with windows and global.
    private static readonly SamConfig s_config = SamConfig.VitB with
    {
        ImageSize = 512,
        EncoderDim = 192,
        EncoderHeads = 3,
        EncoderDepth = 2,
        GlobalAttentionBlocks = [1],
    };

    private readonly TestFolder _folder = new();
    private readonly SemanticSam _model = new(s_config, Classes);

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Step_FromTheCache_TakesTheStoredFigures() =>
        AssertStored("step from the cache, 4 images", Step(TrainedParts.Decoder, _model.decode, 4, Embedding, null, managed: 400_000));

    [Fact]
    public void Step_FromTheCacheInMicroBatches_TakesTheStoredFigures() =>
        AssertStored("step from the cache, 4 images one by one", Step(TrainedParts.Decoder, _model.decode, 4, Embedding, 1, managed: 1_000_000));

    [Fact]
    public void Step_OfAdapters_TakesTheStoredFigures()
    {
        _model.AddAdapters(new AdapterOptions());
        AssertStored("step with the encoder and its adapters, 2 images one by one", Step(TrainedParts.DecoderAndAdapters, _model.forward, 2, Image, 1, managed: 1_000_000));
    }

    [Fact]
    public void Encode_AnImage_TakesTheStoredFigures()
    {
        using var noGradient = no_grad();
        using var image = randn([1, .. Image]);
        _model.eval();

        AssertStored("encoder pass", Count(() => _model.encode(image).Dispose(), managed: 80_000));
    }

    // The formula behind the 972 GFLOP of ViT-B counts what is counted here, where no window has padding.
    [Fact]
    public void Encode_AnImageOfWholeWindows_TakesTheOperationsThatFollowFromItsDimensions()
    {
        using var noGradient = no_grad();
        var config = s_config with { WindowSize = 16 };
        using var model = new SemanticSam(config, Classes);
        using var image = randn([1, .. Image]);
        model.eval();

        Assert.Equal(NetworkOperations.Encoder(config), NativeCounts.Of(() => model.encode(image).Dispose()).Operations);
    }

    [Fact]
    public void Predict_AnImage_TakesTheStoredFigures()
    {
        var predictor = new SegmentationPredictor(_model, Preprocessing.Sam);
        var image = BenchScenes.Image(1);

        AssertStored("prediction of 375 × 500 pixels", Count(() => predictor.Predict(image), managed: 7_000_000));
    }

    [Fact]
    public void Pass_OverImages_TakesTheStoredFiguresForEach()
    {
        _model.eval();
        var pass = new EmbeddingPass(_model, new EmbeddingRecipe(_model, Preprocessing.Sam, EmbeddingDType.Float16), new TensorCache(_folder.Root), CPU);
        Run(0, 1);

        var (one, three) = (NativeCounts.Of(() => Run(1, 1)), NativeCounts.Of(() => Run(2, 3)));

        // Images wait for the encoder and embeddings for the disk, as many as chance will have it: no peak.
        AssertStored("embedding pass, an image", Lines((three.Operations - one.Operations) / 2, (three.Blocks - one.Blocks) / 2, (three.Bytes - one.Bytes) / 2));

        void Run(int first, int count) =>
            pass.Run(Enumerable.Range(first, count), number => $"{number}", number => BenchScenes.Image(number), null, TestContext.Current.CancellationToken);
    }

    private static long[] Embedding { get; } = [s_config.EmbeddingChannels, s_config.GridSize, s_config.GridSize];

    private static long[] Image { get; } = [3, s_config.ImageSize, s_config.ImageSize];

    private IEnumerable<string> Step(TrainedParts parts, Func<Tensor, Tensor> forward, int images, long[] input, int? microBatch, long managed)
    {
        using var network = new TrainedNetwork(_model, parts);
        using var optimizer = new StepOptimizer(ParameterGroup.Divide(network.Parameters, new TrainingOptions()), new TrainingOptions());
        var step = new TrainingStep(forward, new LossSum(LossOptions.Parse("cross_entropy"), new LossSetting(Classes, 255, null)), optimizer, CPU, microBatch);
        var geometry = ImageGeometry.Of(BenchScenes.Height, BenchScenes.Width, s_config.ImageSize, Preprocessing.Sam);
        using var batch = new TrainingBatch(
            randn([images, .. input]), [.. Enumerable.Range(0, images).Select(number => TrainingTarget.Of(BenchScenes.Label(number), geometry, 255))]);
        network.BeginSteps();
        return Count(() => step.Take(batch, 1, (_, _) => { }), managed).ToArray();
    }

    // The first time makes what stays: the optimiser's state, gradients, tables. Managed bytes vary with what the runtime compiles,
    // so that they are bounded, at less than one and a half of what they are.
    private static IEnumerable<string> Count(Action work, long managed)
    {
        work();
        DisposeScopeManager.Statistics.Reset();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var counts = NativeCounts.Of(work);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, managed);
        var made = DisposeScopeManager.Statistics.CreatedInScopeCount + DisposeScopeManager.Statistics.CreatedOutsideScopeCount;
        return
        [
            .. Lines(counts.Operations, counts.Blocks, counts.Bytes),
            Line("bytes alive at most", counts.Peak),
            Line("tensors that C# sees", made),
        ];
    }

    private static IEnumerable<string> Lines(long operations, long blocks, long bytes) =>
        [Line("operations of products", operations), Line("tensors with memory", blocks), Line("their bytes", bytes)];

    private static string Line(string name, long value) => string.Create(CultureInfo.InvariantCulture, $"{name}: {value}");

    private static void AssertStored(string subject, IEnumerable<string> found)
    {
        string[] lines = [.. found.Select(line => $"{subject}: {line}")];
        Assert.True(StoredFigures.Of("work.txt", subject).SequenceEqual(lines), $"work.txt holds other figures; found:\n{string.Join('\n', lines)}");
    }
}
