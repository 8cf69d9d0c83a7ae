using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.ML.Pipeline.Scoring;

/// <summary>Runs a transformer's network for one cursor or row, as long as the transformer is not disposed.</summary>
internal abstract class ImageScorer
{
    /// <summary>Plans a photograph's passes, and resizes it if it takes one. The thread that reads ahead calls it.</summary>
    public abstract ImageInput Prepare(RgbImage image);

    /// <summary>Runs the network on a batch: once, unless photographs take several passes.</summary>
    /// <exception cref="ObjectDisposedException">The transformer is disposed.</exception>
    public abstract ImageOutput[] Score(IReadOnlyList<ImageInput> images);
}
