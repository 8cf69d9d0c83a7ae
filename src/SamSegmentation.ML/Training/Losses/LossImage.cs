using SamSegmentation.ML.Training.Data;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>One image of a batch at the input's size, with what several losses compute from it. Lives in a dispose scope.</summary>
internal sealed class LossImage
{
    private readonly int _voidId;
    private Tensor? _safe;
    private Tensor? _valid;
    private Tensor? _logProbabilities;

    /// <param name="index">Its place in the batch.</param>
    /// <param name="logits">[1, classes, height, width].</param>
    /// <param name="target">Its label; not void everywhere.</param>
    /// <param name="voidId">The id of pixels that do not count.</param>
    public LossImage(int index, Tensor logits, TrainingTarget target, int voidId)
    {
        (Index, Logits, Target, _voidId) = (index, logits, target, voidId);
        Label = LabelTensor.Of(target.Label, logits.device);
    }

    public int Index { get; }

    public Tensor Logits { get; }

    public TrainingTarget Target { get; }

    /// <summary>int64 [1, height, width], void included.</summary>
    public Tensor Label { get; }

    /// <summary>The label with class 0 in place of void, to look classes up by.</summary>
    public Tensor SafeLabel => _safe ??= Label.masked_fill(Valid.logical_not(), 0);

    /// <summary>Boolean [1, height, width]: the pixels that are not void.</summary>
    public Tensor Valid => _valid ??= Label.ne(_voidId);

    /// <summary>[1, classes, height, width].</summary>
    public Tensor LogProbabilities => _logProbabilities ??= Logits.log_softmax(1);

    /// <summary>[1, height, width]: the log of the true class's probability; class 0's where the label is void.</summary>
    public Tensor TrueLogProbabilities() => LogProbabilities.gather(1, SafeLabel.unsqueeze(1)).squeeze(1);
}
