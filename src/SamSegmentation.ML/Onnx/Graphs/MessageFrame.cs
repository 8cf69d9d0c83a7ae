using Google.Protobuf;

namespace SamSegmentation.ML.Onnx.Graphs;

/// <summary>A field that holds a message which is written piece by piece.</summary>
/// <param name="Before">What stands before it in the message around it; null for nothing.</param>
/// <param name="Field">Its number there.</param>
internal sealed record MessageFrame(IMessage? Before, int Field);
