namespace SamSegmentation.ML.Training;

/// <summary>What a training run changes. Everything else is frozen: it gets no gradient and no optimiser state.</summary>
public enum TrainedParts
{
    /// <summary>
    /// The hypernetwork MLPs alone, one per class: what SAM_for_Semantic_Segmentation trains. The two-way transformer
    /// and the upscaling run without gradients.
    /// </summary>
    Hypernetworks,

    /// <summary>
    /// The whole mask decoder that reaches the masks: two-way transformer, IoU and mask tokens, upscaling and
    /// hypernetworks. The IoU head is not part of it: no loss reaches it.
    /// </summary>
    Decoder,

    /// <summary>
    /// The decoder, and adapters in the frozen image encoder: <see cref="TrainingOptions.Adapters"/>. No embedding can be
    /// cached, since adapters change it; what enters the first adapted block can, see <see cref="CachedInputs"/>.
    /// </summary>
    DecoderAndAdapters,

    /// <summary>
    /// The image encoder, with adapters if it has any, and the decoder, as for training from scratch. No embedding can be cached: the encoder runs in
    /// every step.
    /// </summary>
    Everything,
}
