namespace SamSegmentation.ML.Embeddings;

/// <summary>The number format in which embeddings lie on disk.</summary>
public enum EmbeddingDType
{
    /// <summary>Two bytes a value: 2 MiB an image for SAM at 1024².</summary>
    Float16,

    /// <summary>Four bytes a value, exactly what the encoder computed.</summary>
    Float32,
}
