namespace SamSegmentation.ML.Onnx;

/// <summary>An input or output of an exported graph.</summary>
/// <param name="Name">Its name, one of <see cref="OnnxNames"/>.</param>
/// <param name="ElementType">Its elements: <c>float32</c>, <c>uint8</c> or <c>uint16</c>.</param>
/// <param name="Shape">Its dimensions, all of them fixed.</param>
public sealed record OnnxTensorInfo(string Name, string ElementType, IReadOnlyList<long> Shape)
{
    /// <summary>The tensor in words, such as <c>Pixels float32 [1, 3, 1024, 1024]</c>.</summary>
    public override string ToString() => $"{Name} {ElementType} [{string.Join(", ", Shape)}]";
}
