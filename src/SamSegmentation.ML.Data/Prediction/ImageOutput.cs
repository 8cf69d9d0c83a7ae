using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Prediction;

/// <summary>What the network says of an image, held outside of native memory for whoever asks for it later.</summary>
internal abstract record ImageOutput
{
    /// <summary>The class of each pixel at the image's own size.</summary>
    public abstract LabelMap Classify();

    /// <summary>The class of each pixel and the probabilities of all classes, classes × height × width.</summary>
    public abstract (LabelMap Labels, float[] Probabilities) ClassifyWithProbabilities();
}

/// <summary>
/// A finished prediction: the average of several passes, which is too much to be kept as logits, or what a network said that
/// decides pixels itself. Whether probabilities are wanted is decided before.
/// </summary>
internal sealed record FinishedOutput(SegmentationPrediction Prediction) : ImageOutput
{
    public override LabelMap Classify() => Prediction.Labels;

    public override (LabelMap Labels, float[] Probabilities) ClassifyWithProbabilities() =>
        (Prediction.Labels, Prediction.Probabilities ?? throw new InvalidOperationException("The network was not asked for probabilities."));
}
