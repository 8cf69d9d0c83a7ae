namespace SamSegmentation.ML.Onnx;

/// <summary>What was exported.</summary>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Metadata">What it says of itself.</param>
/// <param name="Inputs">What it is given.</param>
/// <param name="Outputs">What it computes.</param>
public sealed record OnnxExportResult(
    long Bytes, OnnxMetadata Metadata, IReadOnlyList<OnnxTensorInfo> Inputs, IReadOnlyList<OnnxTensorInfo> Outputs);
