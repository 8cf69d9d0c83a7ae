using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Data;

/// <summary>What one step reads.</summary>
/// <param name="Inputs">float32 [batch, …] on the CPU: embeddings or images, page-locked for a GPU.</param>
/// <param name="Targets">What the network should say of each.</param>
internal sealed record TrainingBatch(Tensor Inputs, IReadOnlyList<TrainingTarget> Targets) : IDisposable
{
    /// <summary>The batch's pixels that are neither void nor padding.</summary>
    public long ValidPixels => Targets.Sum(target => (long)target.ValidPixels);

    public void Dispose() => Inputs.Dispose();
}
