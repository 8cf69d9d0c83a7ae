using static SamSegmentation.ML.Onnx.Protos.TensorProto.Types;

namespace SamSegmentation.ML.Onnx.Graphs;

/// <summary>A tensor that a graph computes, is given or holds.</summary>
/// <param name="Name">Its name, which no other has.</param>
/// <param name="Type">Its elements.</param>
/// <param name="Shape">Its dimensions, all of them known.</param>
internal sealed record Value(string Name, DataType Type, long[] Shape);
