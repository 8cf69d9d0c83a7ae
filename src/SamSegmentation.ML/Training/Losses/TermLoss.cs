using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>
/// A term's arithmetic over one batch, of which it sees one image after another: if it needs what couples the images,
/// in a first pass, and then in the one that gives gradients. Images that are void everywhere are not shown.
/// </summary>
internal abstract class TermLoss : IDisposable
{
    /// <summary>Whether it needs the first pass.</summary>
    public virtual bool NeedsFirstPass => false;

    /// <summary>The loss with its weight, once every image was shown.</summary>
    public double Value { get; protected set; }

    /// <summary>Sees an image in the first pass, without gradients.</summary>
    public virtual void LookAt(LossImage image)
    {
    }

    /// <summary>A scalar whose gradient is that of the batch's loss by this image's logits; null when that is 0.</summary>
    public abstract Tensor? PartOf(LossImage image);

    /// <summary>Gives back what it kept of the first pass.</summary>
    public virtual void Dispose()
    {
    }
}
