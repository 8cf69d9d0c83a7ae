namespace SamSegmentation.ML.Training;

/// <summary>What a run computes once per image and keeps in its cache: as much of the way as its steps leave unchanged.</summary>
public enum CachedInputs
{
    /// <summary>The frozen encoder's embeddings: a step runs the decoder alone.</summary>
    Embeddings,

    /// <summary>
    /// What enters the first block with adapters, in <see cref="TrainingOptions.EmbeddingDType"/>: a step runs the encoder
    /// from there. It takes the encoder's width × grid² values an image, 6 MB for ViT-B as float16.
    /// </summary>
    BlockInputs,

    /// <summary>
    /// The resized images: a step runs the whole encoder. So where everything is trained, where the first block has
    /// adapters, and where images are augmented without being encoded as several views.
    /// </summary>
    Images,
}
