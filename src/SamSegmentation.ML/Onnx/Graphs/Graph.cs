using SamSegmentation.ML.Onnx.Protos;

namespace SamSegmentation.ML.Onnx.Graphs;

/// <summary>A graph that is ready to be written.</summary>
/// <param name="Message">Its nodes, inputs and outputs.</param>
/// <param name="Initializers">What it holds.</param>
/// <param name="Inputs">What it is given.</param>
/// <param name="Outputs">What it computes.</param>
internal sealed record Graph(GraphProto Message, IReadOnlyList<Initializer> Initializers, IReadOnlyList<Value> Inputs, IReadOnlyList<Value> Outputs);
