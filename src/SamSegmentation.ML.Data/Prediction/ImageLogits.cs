using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction.Logits;

namespace SamSegmentation.ML.Prediction;

/// <summary>
/// The network's output for one image, before it is brought to the image's own size. It is held outside of native memory,
/// so that it may wait for as long as somebody might ask for the classes or their probabilities.
/// </summary>
/// <param name="Logits">The output.</param>
/// <param name="Geometry">Where the image lies in the network's input.</param>
internal sealed record ImageLogits(LogitSquare Logits, ImageGeometry Geometry) : ImageOutput
{
    public override LabelMap Classify() => PixelClassifier.Classify(Logits, Geometry);

    public override (LabelMap Labels, float[] Probabilities) ClassifyWithProbabilities() => PixelClassifier.ClassifyWithProbabilities(Logits, Geometry);
}
