namespace SamSegmentation.ML.Onnx;

/// <summary>How an ONNX file stores the network's weights. Inputs, outputs and arithmetic are float32 in either case.</summary>
public enum OnnxPrecision
{
    /// <summary>As they are: 4 bytes a weight.</summary>
    Float32,

    /// <summary>
    /// Rounded to float16, 2 bytes a weight, and cast to float32 when the file is loaded. Biases and scales, which are few,
    /// stay float32.
    /// </summary>
    Float16,
}
