using Microsoft.ML.OnnxRuntime;

namespace SamSegmentation.ML.Tests.Onnx;

/// <summary>An exported file in ONNX Runtime.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly SessionOptions _options = new() { IntraOpNumThreads = 2, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
    private readonly InferenceSession _session;

    public OnnxSession(byte[] file) => _session = new InferenceSession(file, _options);

    public OnnxSession(string path) => _session = new InferenceSession(path, _options);

    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>Gives a graph its one input, and takes an output.</summary>
    public T[] Run<T>(float[] input, string output)
        where T : unmanaged
    {
        var (name, node) = _session.InputMetadata.Single();
        using var options = new RunOptions();
        using var value = OrtValue.CreateTensorValueFromMemory(input, Array.ConvertAll(node.Dimensions, side => (long)side));
        using var outputs = _session.Run(options, [name], [value], [output]);
        return outputs[0].GetTensorDataAsSpan<T>().ToArray();
    }

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }
}
