namespace SamSegmentation.ML.Onnx;

/// <summary>Which part of the way from pixels to class ids an ONNX file holds. Every shape is static, the batch is 1.</summary>
public enum OnnxForm
{
    /// <summary>
    /// Everything, for images of one size: <see cref="OnnxNames.Pixels"/> [1, 3, height, width] (red, green, blue on 0 to
    /// 255) to <see cref="OnnxNames.PredictedLabel"/> [1, height, width] and, on request, <see cref="OnnxNames.Score"/>.
    /// </summary>
    Complete,

    /// <summary>
    /// Encoder and head: <see cref="OnnxNames.Input"/> [1, 3, S, S], preprocessed, to <see cref="OnnxNames.Logits"/>. For
    /// readers that bring images of any size to the network and its logits back to the image themselves.
    /// </summary>
    Network,

    /// <summary>The image encoder: <see cref="OnnxNames.Input"/> to <see cref="OnnxNames.Embedding"/> [1, E, g, g].</summary>
    Encoder,

    /// <summary>The head: <see cref="OnnxNames.Embedding"/> to <see cref="OnnxNames.Logits"/> [1, classes, h, h].</summary>
    Head,
}
