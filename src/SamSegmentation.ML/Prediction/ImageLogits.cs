using SamSegmentation.ML.Imaging;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Prediction;

/// <summary>
/// The network's output for one image, before it is brought to the image's own size. It is held outside of native memory,
/// so that it may wait for as long as somebody might ask for the classes or their probabilities.
/// </summary>
/// <param name="Values">Classes × height × width.</param>
/// <param name="Shape">1, classes, height, width.</param>
/// <param name="Geometry">Where the image lies in the network's input.</param>
internal sealed record ImageLogits(float[] Values, long[] Shape, ImageGeometry Geometry) : ImageOutput
{
    public override LabelMap Classify()
    {
        // Making a tensor of an array may make others on the way.
        using var scope = NewDisposeScope();
        var logits = tensor(Values, Shape);
        return PixelClassifier.Classify(logits, Geometry);
    }

    public override (LabelMap Labels, float[] Probabilities) ClassifyWithProbabilities()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(Values, Shape);
        return PixelClassifier.ClassifyWithProbabilities(logits, Geometry);
    }
}
