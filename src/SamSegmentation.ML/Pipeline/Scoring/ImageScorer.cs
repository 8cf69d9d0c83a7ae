using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.ML.Pipeline.Scoring;

/// <summary>Runs a transformer's network for one cursor or row, as long as the transformer is not disposed.</summary>
internal sealed class ImageScorer(SegmentationPredictor predictor, Action throwIfDisposed)
{
    /// <summary>Resizes a photograph for the network.</summary>
    public PreparedImage Prepare(RgbImage image) => predictor.Prepare(image);

    /// <summary>Runs the network once on a batch.</summary>
    /// <exception cref="ObjectDisposedException">The transformer is disposed.</exception>
    public ImageLogits[] Score(IReadOnlyList<PreparedImage> images)
    {
        throwIfDisposed();
        return predictor.ComputeLogits(images);
    }
}
