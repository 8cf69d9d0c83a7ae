using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.ML.Pipeline.Scoring;

/// <summary>Runs a transformer's network for one cursor or row, as long as the transformer is not disposed.</summary>
internal sealed class ImageScorer(SegmentationPredictor predictor, Action throwIfDisposed)
{
    /// <summary>Plans a photograph's passes, and resizes it if it takes one.</summary>
    public ImageInput Prepare(RgbImage image) => predictor.Prepare(image);

    /// <summary>Runs the network on a batch: once, unless photographs take several passes.</summary>
    /// <exception cref="ObjectDisposedException">The transformer is disposed.</exception>
    public ImageOutput[] Score(IReadOnlyList<ImageInput> images)
    {
        throwIfDisposed();
        return predictor.Compute(images);
    }
}
