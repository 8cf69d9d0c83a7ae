using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace SamSegmentation.ML.Onnx.Scoring;

/// <summary>The inputs and outputs that a form has, against those that a file has.</summary>
internal static class OnnxSignature
{
    /// <exception cref="InvalidDataException">The form cannot be run alone, or an input or output is not as its form says.</exception>
    public static void Check(InferenceSession session, OnnxMetadata metadata, string path)
    {
        var (classes, size) = (metadata.ClassNames.Count, metadata.ImageSize);
        switch (metadata.Form)
        {
            case OnnxForm.Network:
                CheckNode("input", session.InputMetadata, OnnxNames.Input, [1, 3, size, size], TensorElementType.Float);
                CheckNode("output", session.OutputMetadata, OnnxNames.Logits, [1, classes, null, null], TensorElementType.Float);
                break;
            case OnnxForm.Complete:
                CheckNode("input", session.InputMetadata, OnnxNames.Pixels, [1, 3, metadata.Height, metadata.Width], TensorElementType.Float);
                CheckNode("output", session.OutputMetadata, OnnxNames.PredictedLabel, [1, metadata.Height, metadata.Width], TensorElementType.UInt8, TensorElementType.UInt16);
                if (session.OutputMetadata.ContainsKey(OnnxNames.Score))
                    CheckNode("output", session.OutputMetadata, OnnxNames.Score, [1, classes, metadata.Height, metadata.Width], TensorElementType.Float);
                break;
            default:
                throw new InvalidDataException(
                    $"'{path}' holds the {metadata.Form} alone; expected a file of the form {OnnxForm.Network}, for images of any size, or {OnnxForm.Complete}, for those of one.");
        }

        // null: any known side.
        void CheckNode(string role, IReadOnlyDictionary<string, NodeMetadata> nodes, string name, int?[] shape, params TensorElementType[] types)
        {
            if (!nodes.TryGetValue(name, out var node))
                throw new InvalidDataException($"'{path}' has no {role} '{name}', as the form {metadata.Form} has; it has {string.Join(", ", nodes.Keys)}.");
            var fits = node.IsTensor && types.Contains(node.ElementDataType) && node.Dimensions.Length == shape.Length
                && node.Dimensions.Zip(shape).All(pair => pair.First > 0 && pair.First == (pair.Second ?? pair.First));
            if (!fits)
            {
                throw new InvalidDataException(
                    $"'{path}': the {role} '{name}' is {Describe(node)}; expected {string.Join(" or ", types)} [{string.Join(", ", shape.Select(side => side?.ToString() ?? "any"))}].");
            }
        }

        static string Describe(NodeMetadata node) => node.IsTensor ? $"{node.ElementDataType} [{string.Join(", ", node.Dimensions)}]" : node.OnnxValueType.ToString();
    }
}
