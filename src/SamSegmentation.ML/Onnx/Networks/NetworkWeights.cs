using SamSegmentation.ML.Checkpoints.Storage;
using SamSegmentation.ML.Onnx.Graphs;
using TorchSharp;
using static SamSegmentation.ML.Onnx.Protos.TensorProto.Types;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Onnx.Networks;

/// <summary>A network's tensors as a graph holds them: by their PyTorch names, of the precision that is asked for.</summary>
/// <param name="graph">The graph.</param>
/// <param name="state">The network's tensors by name, on any device and of any floating dtype; they must live until the graph is written.</param>
/// <param name="precision">How matrices and kernels are stored. What has one dimension stays float32.</param>
internal sealed class NetworkWeights(GraphBuilder graph, IReadOnlyDictionary<string, Tensor> state, OnnxPrecision precision)
{
    // The largest finite float16.
    private const float LargestHalf = 65504;

    /// <summary>A tensor of the part that is being built, such as <c>weight</c>.</summary>
    public Value this[string name] => Get(name);

    /// <summary>A tensor of the part that is being built, or null if the network has none of that name.</summary>
    public Value? Find(string name) => state.ContainsKey(graph.TensorName(name)) ? Get(name) : null;

    /// <summary>A tensor of the part that is being built, with another shape.</summary>
    /// <param name="name">Its name, such as <c>weight</c>.</param>
    /// <param name="shape">The shape; null for its own.</param>
    public Value Get(string name, long[]? shape = null)
    {
        var full = graph.TensorName(name);
        var tensor = state[full];
        return Held(full, shape ?? tensor.shape, () => tensor);
    }

    /// <summary>A part of one of the tensors.</summary>
    /// <param name="name">The tensor's name in the part that is being built.</param>
    /// <param name="index">The position in its first axis, which goes.</param>
    public Value Select(string name, int index)
    {
        var full = graph.TensorName(name);
        var tensor = state[full];
        return Held($"{full}.{index}", tensor.shape[1..], () => tensor.select(0, index));
    }

    /// <summary>Something computed from tensors of the part that is being built.</summary>
    /// <param name="name">What it is called in this part.</param>
    /// <param name="names">The tensors' names in this part.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="compute">Computes it of the tensors; called more than once, within a dispose scope.</param>
    public Value Computed(string name, string[] names, long[] shape, Func<Tensor[], Tensor> compute)
    {
        Tensor[] tensors = [.. names.Select(each => state[graph.TensorName(each)])];
        return Held(graph.TensorName(name), shape, () => compute(tensors));
    }

    private Value Held(string name, long[] shape, Func<Tensor> tensor)
    {
        var half = precision == OnnxPrecision.Float16 && shape.Length > 1;
        Check(name, half, tensor);
        var held = graph.Held(name, half ? DataType.Float16 : DataType.Float, shape, stream =>
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            var values = tensor().detach().cpu().to(half ? ScalarType.Float16 : ScalarType.Float32).contiguous();
            TensorBytes.ForEachChunk(values, (bytes, _) => stream.Write(bytes));
        });
        return graph.Cast(held, DataType.Float);
    }

    private static void Check(string name, bool half, Func<Tensor> tensor)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var largest = tensor().detach().abs().max().to(ScalarType.Float32).ToSingle();
        if (!float.IsFinite(largest))
            throw new ArithmeticException($"The weight '{name}' is not finite; such a network cannot be exported.");
        if (half && largest > LargestHalf)
            throw new ArithmeticException($"The weight '{name}' reaches {largest}; float16 ends at {LargestHalf}. Export it as {nameof(OnnxPrecision.Float32)}.");
    }
}
