using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.ML.Pipeline.Scoring;

/// <summary>Scores with a predictor of the library's own.</summary>
/// <param name="predictor">The predictor.</param>
/// <param name="throwIfDisposed">Throws when the transformer, and with it the network, is disposed.</param>
internal sealed class PredictorScorer(SegmentationPredictor predictor, Action throwIfDisposed) : ImageScorer
{
    public override ImageInput Prepare(RgbImage image) => predictor.Prepare(image);

    public override ImageOutput[] Score(IReadOnlyList<ImageInput> images)
    {
        throwIfDisposed();
        return predictor.Compute(images);
    }
}
