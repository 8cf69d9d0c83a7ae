using System.Runtime.InteropServices;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Prediction;

/// <summary>Runs a network on images of any sizes and gives class ids at each image's own size.</summary>
/// <remarks>
/// Predictions run without gradients and change nothing: several threads may use one predictor, or several predictors
/// one network, at once. Padding is cropped and logits are upsampled to the image's own size in one step; the highest
/// logit decides, and softmax is computed only when probabilities are asked for.
/// </remarks>
public sealed class SegmentationPredictor
{
    private readonly SemanticSam _model;
    private readonly SamPreprocessor _preprocessor;
    private readonly Device _device;

    /// <summary>Prepares a network for prediction; it is put into evaluation mode and stays the caller's to dispose.</summary>
    /// <param name="model">The network, on <paramref name="device"/>.</param>
    /// <param name="preprocessing">How the network was trained to see images.</param>
    /// <param name="device">The device of the network; null for the CPU.</param>
    public SegmentationPredictor(SemanticSam model, Preprocessing preprocessing, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        NativeAllocator.KeepFreedMemory();
        model.eval();
        _model = model;
        _device = device ?? CPU;
        _preprocessor = new SamPreprocessor(model.Config.ImageSize, preprocessing);
    }

    /// <summary>The network's number of classes.</summary>
    public int Classes => _model.Classes;

    /// <summary>Whether predictions carry the probabilities of all classes: 4 bytes × classes × height × width.</summary>
    /// <value>The default is false.</value>
    public bool WithProbabilities { get; init; }

    /// <summary>Images that the network takes at once.</summary>
    /// <value>The default is 1, which is as fast as more on a CPU; at least 1.</value>
    public int BatchSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1;

    /// <summary>Predicts one image.</summary>
    /// <param name="image">The image.</param>
    /// <exception cref="ArithmeticException">The network's output is not finite.</exception>
    /// <exception cref="InvalidOperationException">Probabilities are asked for, and are more than an array can hold.</exception>
    public SegmentationPrediction Predict(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return PredictBatch([_preprocessor.Prepare(image)])[0];
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
    /// <exception cref="InvalidOperationException">Probabilities are asked for, and are more than an array can hold.</exception>
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
            var batches = Batches.Of(items.Select(item => (Item: item, Prepared: _preprocessor.Prepare(image(item)))), BatchSize);
            foreach (var batch in ReadAhead.Enumerate(batches, capacity: 1, null, cancellation))
            {
                var predictions = PredictBatch([.. batch.Select(pair => pair.Prepared)]);
                for (var i = 0; i < batch.Length; i++)
                    yield return (batch[i].Item, predictions[i]);
            }
        }
    }

    /// <summary>Resizes an image for the network.</summary>
    internal PreparedImage Prepare(RgbImage image) => _preprocessor.Prepare(image);

    /// <summary>Runs the network once on a batch and leaves what follows to whoever asks for it.</summary>
    /// <exception cref="ArithmeticException">The network's output is not finite.</exception>
    internal ImageLogits[] ComputeLogits(IReadOnlyList<PreparedImage> images)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var logits = RunNetwork(images).cpu().contiguous();
        var results = new ImageLogits[images.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var own = logits.narrow(0, i, 1);
            results[i] = new ImageLogits(MemoryMarshal.Cast<byte, float>(own.bytes).ToArray(), own.shape, images[i].Geometry);
        }
        return results;
    }

    private Tensor RunNetwork(IReadOnlyList<PreparedImage> images)
    {
        var logits = _model.forward(_preprocessor.ToTensor(images).to(_device)).to(ScalarType.Float32);
        return logits.isfinite().all().ToBoolean()
            ? logits
            : throw new ArithmeticException("The network's output is not finite; check its weights.");
    }

    private SegmentationPrediction[] PredictBatch(IReadOnlyList<PreparedImage> images)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var logits = RunNetwork(images);
        var predictions = new SegmentationPrediction[images.Count];
        for (var i = 0; i < predictions.Length; i++)
        {
            var own = logits.narrow(0, i, 1);
            predictions[i] = WithProbabilities
                ? WithAllClasses(own, images[i].Geometry)
                : new SegmentationPrediction(PixelClassifier.Classify(own, images[i].Geometry), null);
        }
        return predictions;
    }

    private static SegmentationPrediction WithAllClasses(Tensor logits, ImageGeometry geometry)
    {
        var (labels, probabilities) = PixelClassifier.ClassifyWithProbabilities(logits, geometry);
        return new SegmentationPrediction(labels, probabilities);
    }
}
