using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SamSegmentation.ML.Onnx.Saving;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.ML.Onnx.Scoring;

/// <summary>An ONNX file of this library that is open for running, on several threads at once if need be.</summary>
internal sealed class OnnxNetwork : IDisposable
{
    private readonly OnnxFile _file;
    private readonly InferenceSession _session;
    private readonly RunOptions _run;

    private OnnxNetwork(OnnxFile file, InferenceSession session, RunOptions run, OnnxMetadata metadata)
    {
        _file = file;
        _session = session;
        _run = run;
        Metadata = metadata;
    }

    /// <summary>What the file says of itself.</summary>
    public OnnxMetadata Metadata { get; }

    /// <summary>The file's whole path, for messages.</summary>
    public string Name => _file.Path;

    /// <summary>Height and width of an output, in its last two dimensions.</summary>
    public (int Height, int Width) SizeOf(string output) => _session.OutputMetadata[output].Dimensions is [.., var height, var width] ? (height, width) : default;

    /// <summary>Opens a file.</summary>
    /// <param name="file">The file, which is this object's to dispose.</param>
    /// <param name="threads">Threads of a run; null leaves it to ONNX Runtime.</param>
    /// <exception cref="InvalidDataException">It is no ONNX file, not one of this library, or of a form that cannot be run alone.</exception>
    /// <exception cref="InvalidOperationException">ONNX Runtime's native library is missing.</exception>
    public static OnnxNetwork Open(OnnxFile file, int? threads)
    {
        InferenceSession? session = null;
        try
        {
            session = OpenSession(file.Path, threads);
            var metadata = OnnxMetadata.Read(session.ModelMetadata.CustomMetadataMap, file.Path);
            OnnxSignature.Check(session, metadata, file.Path);
            return new OnnxNetwork(file, session, new RunOptions(), metadata);
        }
        catch
        {
            session?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>What the network cannot do of what is asked.</summary>
    public IReadOnlyList<OptionFault> FindFaults(SegmentationOutputs outputs, InferenceOptions inference)
    {
        if (Metadata.Form != OnnxForm.Complete)
            return [];
        var faults = new List<OptionFault>();
        if (outputs.HasFlag(SegmentationOutputs.Score) && !_session.OutputMetadata.ContainsKey(OnnxNames.Score))
            faults.Add($"{nameof(SegmentationOutputs)}.{nameof(SegmentationOutputs.Score)}", $"'{Name}' gives class ids alone; export it with probabilities, or in the form {OnnxForm.Network}.");
        if (!inference.IsSinglePass)
            faults.Add(nameof(OnnxSegmentationOptions.Inference), $"'{Name}' decides pixels itself, so that there is nothing to average (form {OnnxForm.Complete}); export it in the form {OnnxForm.Network}.");
        return faults;
    }

    /// <summary>Runs the graph on its one input.</summary>
    /// <param name="input">The input's name.</param>
    /// <param name="values">Its values.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="outputs">Which outputs are wanted.</param>
    /// <returns>The outputs, which the caller disposes.</returns>
    public IDisposableReadOnlyCollection<OrtValue> Run(string input, float[] values, long[] shape, params string[] outputs)
    {
        using var value = OrtValue.CreateTensorValueFromMemory(values, shape);
        return _session.Run(_run, [input], [value], outputs);
    }

    /// <summary>Whether an output is of 16 bits.</summary>
    public bool IsWide(string output) => _session.OutputMetadata[output].ElementDataType == TensorElementType.UInt16;

    /// <summary>Copies the file.</summary>
    public void CopyTo(Stream target) => _file.CopyTo(target);

    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
        _file.Dispose();
    }

    private static InferenceSession OpenSession(string path, int? threads)
    {
        try
        {
            using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            if (threads is { } count)
                options.IntraOpNumThreads = count;
            return new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"'{path}' is not an ONNX file that can be run; it may be damaged or cut off. ONNX Runtime says: {e.Message}", e);
        }
        catch (Exception e) when (MissingLibrary(e) is { } reason)
        {
            throw new InvalidOperationException(
                $"ONNX Runtime's native library (onnxruntime) cannot be loaded. The package Microsoft.ML.OnnxRuntime brings it for Windows, Linux and macOS; it must lie beside the program. {reason.Message}", e);
        }
    }

    // ONNX Runtime loads it when its first type is initialised, and .NET wraps what happens there.
    private static Exception? MissingLibrary(Exception? e) => e switch
    {
        DllNotFoundException or BadImageFormatException or EntryPointNotFoundException => e,
        TypeInitializationException => MissingLibrary(e.InnerException),
        _ => null,
    };
}
