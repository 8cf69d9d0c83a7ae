namespace SamSegmentation.ML.Onnx;

/// <summary>The names of an exported graph's inputs and outputs; stock ML.NET reads and adds columns of these names.</summary>
public static class OnnxNames
{
    /// <summary>
    /// Input of <see cref="OnnxForm.Complete"/>: float32 [1, 3, height, width], the planes red, green and blue on 0 to 255,
    /// as ML.NET's <c>ExtractPixels</c> lays them out by default.
    /// </summary>
    public const string Pixels = "Pixels";

    /// <summary>Output of <see cref="OnnxForm.Complete"/>: class ids [1, height, width], uint8 (uint16 with more than 255 classes).</summary>
    public const string PredictedLabel = "PredictedLabel";

    /// <summary>Output of <see cref="OnnxForm.Complete"/> on request: probabilities, float32 [1, classes, height, width].</summary>
    public const string Score = "Score";

    /// <summary>
    /// Input of <see cref="OnnxForm.Network"/> and <see cref="OnnxForm.Encoder"/>: float32 [1, 3, S, S], resized, normalised
    /// and padded as <see cref="OnnxMetadata.Preprocessing"/> says.
    /// </summary>
    public const string Input = "Input";

    /// <summary>
    /// Output of <see cref="OnnxForm.Encoder"/> and input of <see cref="OnnxForm.Head"/>: float32 [1, E, g, g], the embedding
    /// and the features of encoder blocks, if the head sees any.
    /// </summary>
    public const string Embedding = "Embedding";

    /// <summary>
    /// Output of <see cref="OnnxForm.Network"/> and <see cref="OnnxForm.Head"/>: class logits, float32 [1, classes, h, h], of
    /// the whole square, padding included.
    /// </summary>
    public const string Logits = "Logits";
}
