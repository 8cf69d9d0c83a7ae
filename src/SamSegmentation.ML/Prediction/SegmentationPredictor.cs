using System.Diagnostics.CodeAnalysis;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Memory;
using SamSegmentation.ML.Prediction.Logits;
using SamSegmentation.ML.Prediction.Passes;
using TorchSharp;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Prediction;

/// <summary>Runs a network on images of any sizes and gives class ids at each image's own size.</summary>
/// <remarks>
/// Predictions run without gradients and change nothing: several threads may use one predictor, or several predictors
/// one network, at once. Padding is cropped and logits are upsampled to the image's own size in one step; the highest
/// logit decides, and softmax is computed only when probabilities are asked for. With <see cref="Inference"/> the network
/// looks at an image several times, and the highest average probability decides.
/// </remarks>
public sealed class SegmentationPredictor
{
    private const string Advice = $"Let the encoder multiply in fewer bits ({nameof(EncoderPrecision)}), or take another device.";

    private readonly SamPreprocessor _preprocessor;
    private readonly Device _device;
    private readonly ImagesAtOnce _atOnce;

    /// <summary>Prepares a network for prediction; it is put into evaluation mode and stays the caller's to dispose.</summary>
    /// <param name="model">The network, on <paramref name="device"/>.</param>
    /// <param name="preprocessing">How the network was trained to see images.</param>
    /// <param name="device">The device of the network; null for the CPU.</param>
    public SegmentationPredictor(SemanticSam model, Preprocessing preprocessing, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        NativeAllocator.KeepFreedMemory();
        model.eval();
        _device = device ?? CPU;
        Classes = model.Classes;
        Network = model.forward;
        BatchSize = DefaultBatchSize(_device);
        _preprocessor = new SamPreprocessor(model.Config.ImageSize, preprocessing);
    }

    /// <summary>The network's number of classes.</summary>
    public int Classes { get; }

    /// <summary>Whether predictions carry the probabilities of all classes: 4 bytes × classes × height × width.</summary>
    /// <value>The default is false.</value>
    public bool WithProbabilities { get; init; }

    /// <summary>Images that the network takes at once; where they do not fit the device's memory, half as many are tried.</summary>
    /// <value>The default is <see cref="DefaultBatchSize"/>; at least 1.</value>
    public int BatchSize
    {
        get;
        [MemberNotNull(nameof(_atOnce))]
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
            _atOnce = new ImagesAtOnce(value, "the prediction's BatchSize", Advice, batch => OnReduced?.Invoke(batch));
        }
    }

    /// <summary>Called where the network takes fewer images at once from now on, on the thread that predicts.</summary>
    /// <value>The default is null: nobody is told.</value>
    public Action<ReducedBatch>? OnReduced { get; init; }

    /// <summary>Images that the network takes at once now: <see cref="BatchSize"/>, or fewer where these did not fit the device's memory.</summary>
    public int CurrentBatchSize => _atOnce.Count;

    /// <summary>What computes logits of images.</summary>
    internal Func<Tensor, Tensor> Network { get; init; }

    /// <summary>How often, and at which sizes, the network looks at an image.</summary>
    /// <value>The default is <see cref="InferenceOptions.Default"/>: one pass. The passes of an image go into batches too.</value>
    /// <exception cref="ArgumentException">Some of it cannot be used; all faults are listed.</exception>
    public InferenceOptions Inference
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            var faults = value.FindFaults();
            field = faults.Count == 0 ? value : throw new ArgumentException(string.Join(Environment.NewLine, faults), nameof(value));
        }
    } = InferenceOptions.Default;

    /// <summary>Images that suit a device where nobody says how many: 1 on the CPU, which is as fast as more, and 8 on a GPU.</summary>
    /// <param name="device">The device.</param>
    public static int DefaultBatchSize(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return DeviceMemory.DefaultImages(device);
    }

    /// <summary>Predicts one image.</summary>
    /// <param name="image">The image.</param>
    /// <exception cref="ArithmeticException">The network's output is not finite.</exception>
    /// <exception cref="InsufficientMemoryException">The device's memory is too small for one image.</exception>
    /// <exception cref="InvalidOperationException">
    /// Probabilities are asked for, and are more than an array can hold; or an image is too large at one of the scales.
    /// </exception>
    public SegmentationPrediction Predict(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return PredictBatch([Prepare(image)])[0];
    }

    /// <summary>
    /// Predicts a stream of images, lazily and in order. Images are read and resized on another thread, at most two
    /// batches ahead of the network. An image that cannot be read fails after the predictions of those before it.
    /// </summary>
    /// <param name="items">Items that hold an image each; enumerated once.</param>
    /// <param name="image">An item's image.</param>
    /// <param name="cancellation">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>Each item with its prediction.</returns>
    /// <exception cref="ArithmeticException">The network's output is not finite.</exception>
    /// <exception cref="InsufficientMemoryException">The device's memory is too small for one image.</exception>
    /// <exception cref="InvalidOperationException">
    /// Probabilities are asked for, and are more than an array can hold; or an image is too large at one of the scales.
    /// </exception>
    public IEnumerable<(T Item, SegmentationPrediction Prediction)> Predict<T>(
        IEnumerable<T> items,
        Func<T, RgbImage> image,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(image);
        return Enumerate();

        IEnumerable<(T, SegmentationPrediction)> Enumerate()
        {
            var batches = Batches.Of(items.Select(item => (Item: item, Input: Prepare(image(item)))), BatchSize);
            foreach (var batch in ReadAhead.Enumerate(batches, capacity: 1, null, cancellation))
            {
                var predictions = PredictBatch([.. batch.Select(pair => pair.Input)]);
                for (var i = 0; i < batch.Length; i++)
                    yield return (batch[i].Item, predictions[i]);
            }
        }
    }

    /// <summary>Plans an image's passes, and resizes it for the network if it takes only one.</summary>
    /// <exception cref="InvalidOperationException">The image is too large at one of the scales.</exception>
    internal ImageInput Prepare(RgbImage image) => ImageInput.Of(image, _preprocessor.ImageSize, _preprocessor.Mode, Inference);

    /// <summary>
    /// Runs the network on a batch. Of images that take one pass it runs once, and leaves what follows to whoever asks for
    /// it; of others it averages, with probabilities if <see cref="WithProbabilities"/> says so.
    /// </summary>
    /// <exception cref="ArithmeticException">The network's output is not finite.</exception>
    internal ImageOutput[] Compute(IReadOnlyList<ImageInput> images)
    {
        var outputs = new ImageOutput[images.Count];
        int[] single = [.. Enumerable.Range(0, images.Count).Where(i => images[i].Prepared is not null)];
        PreparedImage[] prepared = [.. single.Select(i => images[i].Prepared!)];
        var logits = RunNetwork(prepared);
        for (var i = 0; i < single.Length; i++)
            outputs[single[i]] = new ImageLogits(logits[i], prepared[i].Geometry);
        // Images of one pass share a run of the network; the others have theirs one after another.
        for (var i = 0; i < outputs.Length; i++)
            outputs[i] ??= new FinishedOutput(Average(images[i]));
        return outputs;
    }

    private SegmentationPrediction[] PredictBatch(IReadOnlyList<ImageInput> images) => [.. Compute(images).Select(Finish)];

    private SegmentationPrediction Finish(ImageOutput output)
    {
        if (!WithProbabilities)
            return new SegmentationPrediction(output.Classify(), null);
        var (labels, probabilities) = output.ClassifyWithProbabilities();
        return new SegmentationPrediction(labels, probabilities);
    }

    private SegmentationPrediction Average(ImageInput input)
    {
        var scaled = new ScaledImages(input.Image, input.Plan.Size);
        return new LogitAverage(input.Plan, Classes, BatchSize).Run(passes => RunNetwork([.. passes.Select(scaled.Cut)]), WithProbabilities);
    }

    // As many images at once as the device's memory holds.
    private LogitSquare[] RunNetwork(PreparedImage[] images)
    {
        var results = new LogitSquare[images.Length];
        _atOnce.ForEach(images.Length, (start, count) =>
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            var input = DeviceImages.Of(_preprocessor, images[start..(start + count)], _device);
            var logits = Network(input).to(ScalarType.Float32);
            if (!logits.isfinite().all().ToBoolean())
                throw new ArithmeticException("The network's output is not finite; check its weights.");
            for (var i = 0; i < count; i++)
                results[start + i] = TensorLogits.Of(logits.narrow(0, i, 1));
        });
        return results;
    }
}
