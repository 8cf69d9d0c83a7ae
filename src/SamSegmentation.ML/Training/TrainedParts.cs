namespace SamSegmentation.ML.Training;

/// <summary>What a training run changes. Everything else is frozen: it gets no gradient and no optimiser state.</summary>
public enum TrainedParts
{
    /// <summary>
    /// The hypernetwork MLPs alone, one per class: what SAM_for_Semantic_Segmentation trains. The two-way transformer
    /// and the upscaling run without gradients. Needs the mask decoder as head, without features of encoder blocks.
    /// </summary>
    Hypernetworks,

    /// <summary>
    /// The whole head. Of the mask decoder that is what reaches the masks: two-way transformer, IoU and mask tokens,
    /// upscaling and hypernetworks, but not the IoU head, which no loss reaches; with features of encoder blocks, their
    /// fusion too.
    /// </summary>
    Decoder,

    /// <summary>
    /// The head, and adapters in the frozen image encoder: <see cref="TrainingOptions.Adapters"/>. No embedding can be
    /// cached, since adapters change it; what enters the first adapted block can, see <see cref="CachedInputs"/>.
    /// </summary>
    DecoderAndAdapters,

    /// <summary>
    /// The image encoder, with adapters if it has any, and the head, as for training from scratch. No embedding can be cached: the encoder runs in
    /// every step.
    /// </summary>
    Everything,
}
