using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling.Memory;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Losses;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Validation;

/// <summary>Measures the network on the validation set, at each image's own size.</summary>
/// <param name="samples">The validation set.</param>
/// <param name="inputs">Its inputs.</param>
/// <param name="labels">Its labels.</param>
/// <param name="classes">The classes.</param>
/// <param name="loss">The loss; see <see cref="TrainingOptions.Loss"/> for how it is taken here.</param>
/// <param name="device">The network's device.</param>
internal sealed class Validator(
    IReadOnlyList<StoredSample> samples, InputStore inputs, LabelStore labels, ClassList classes, LossSum loss, Device device)
{
    // Images are read on another thread, a few ahead of the network.
    private const int Ahead = 2;

    /// <summary>Number of images.</summary>
    public int Count => samples.Count;

    /// <summary>Runs the network over the set.</summary>
    /// <param name="look">Called for each image with its place, truth and prediction.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellation">Stops after the image in hand.</param>
    /// <returns>The loss, a mean over all pixels that are not void (NaN if there are none), and the metrics.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public (double Loss, SegmentationMetrics Metrics) Run(Action<int, LabelMap, LabelMap> look, Action<int> progress, CancellationToken cancellation)
    {
        var matrix = new ConfusionMatrix(classes.Count, classes.VoidId);
        var (done, sum, pixels) = (0, 0.0, 0L);
        progress(0);
        foreach (var (sample, input, truth) in ReadAhead.Enumerate(samples.Select(Read), Ahead, item => item.Input.Dispose(), cancellation))
        {
            using (input)
            {
                var (prediction, value, counted) = Classify(input, sample.Geometry, truth);
                matrix.Add(truth.Ids, prediction.Ids);
                sum += value;
                pixels += counted;
                look(done, truth, prediction);
            }
            progress(++done);
        }
        return ((loss.PlainCrossEntropy ?? 1) * sum / pixels, matrix.ToMetrics(classes.Names));
    }

    private (StoredSample Sample, Tensor Input, LabelMap Truth) Read(StoredSample sample)
    {
        var truth = labels.Read(sample);
        return (sample, DeviceTransfer.Staged(inputs.Read([(sample, null)]), device), truth);
    }

    // The loss is summed over the pixels that are counted beside it.
    private (LabelMap Prediction, double Loss, long Pixels) Classify(Tensor input, ImageGeometry geometry, LabelMap truth)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var logits = inputs.Forward(DeviceTransfer.ToDevice(input, device)).to(ScalarType.Float32);
        var output = new ImageLogits(TensorLogits.Of(logits), geometry);
        if (loss.PlainCrossEntropy is not null)
        {
            var (prediction, sum) = output.ClassifyAgainst(truth, classes.VoidId);
            return (prediction, sum, truth.Ids.Length - truth.Ids.AsSpan().Count((ushort)classes.VoidId));
        }
        var target = TrainingTarget.Of(truth, geometry, classes.VoidId);
        return (output.Classify(), loss.Measure(logits, [target]) * target.ValidPixels, target.ValidPixels);
    }
}
