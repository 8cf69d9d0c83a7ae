using System.Collections.Concurrent;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Onnx;
using SamSegmentation.ML.Tests.Training;

namespace SamSegmentation.ML.Tests.Onnx;

/// <summary>The tiny network as ONNX files, each exported once.</summary>
internal static class TinyOnnx
{
    private static readonly ConcurrentDictionary<(string Classes, OnnxExportOptions Options), byte[]> s_files = [];

    /// <summary>Encoder and head, for images of any size.</summary>
    public static byte[] Network(IReadOnlyList<string> names) => Export(names, new OnnxExportOptions { Form = OnnxForm.Network });

    /// <summary>A file of the tiny network.</summary>
    public static byte[] Export(IReadOnlyList<string> names, OnnxExportOptions options) => s_files.GetOrAdd((string.Join('\n', names), options), _ =>
    {
        using var network = TinyNetwork.Create(names.Count);
        using var file = new MemoryStream();
        OnnxExporter.Export(network, new SavedModelInfo { Config = TinyNetwork.Config, ClassNames = names, Preprocessing = nameof(Preprocessing.Sam) }, file, options);
        return file.ToArray();
    });
}
