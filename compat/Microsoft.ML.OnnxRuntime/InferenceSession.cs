using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.OnnxRuntime.Interop;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>A graph that can be run, by several threads at once.</summary>
public unsafe class InferenceSession : IDisposable
{
    private readonly Dictionary<string, NodeMetadata> _inputs = [];
    private readonly Dictionary<string, NodeMetadata> _outputs = [];
    private readonly List<string> _inputNames = [];
    private readonly List<string> _outputNames = [];
    private nint _handle;

    public InferenceSession(string modelPath)
    {
        using var options = new SessionOptions();
        Open(modelPath, options);
    }

    public InferenceSession(string modelPath, SessionOptions options) => Open(modelPath, options);

    public InferenceSession(byte[] model)
    {
        using var options = new SessionOptions();
        Open(model, options);
    }

    public InferenceSession(byte[] model, SessionOptions options) => Open(model, options);

    ~InferenceSession() => Dispose(false);

    public IReadOnlyDictionary<string, NodeMetadata> InputMetadata => _inputs;

    public IReadOnlyList<string> InputNames => _inputNames;

    public IReadOnlyDictionary<string, NodeMetadata> OutputMetadata => _outputs;

    public IReadOnlyList<string> OutputNames => _outputNames;

    public ModelMetadata ModelMetadata => field ??= new ModelMetadata(_handle);

    /// <summary>Runs the graph.</summary>
    /// <param name="runOptions">The run's options.</param>
    /// <param name="inputNames">Which inputs are given.</param>
    /// <param name="inputValues">One for each name.</param>
    /// <param name="outputNames">Which outputs are wanted.</param>
    /// <returns>The outputs in the order of their names, which the caller disposes.</returns>
    public IDisposableReadOnlyCollection<OrtValue> Run(
        RunOptions runOptions, IReadOnlyCollection<string> inputNames, IReadOnlyCollection<OrtValue> inputValues, IReadOnlyCollection<string> outputNames)
    {
        if (inputNames.Count != inputValues.Count)
            throw new ArgumentException($"Length of {nameof(inputNames)} ({inputNames.Count}) must match that of {nameof(inputValues)} ({inputValues.Count}).");
        return Run(runOptions, [.. inputNames], [.. inputValues], [.. outputNames]);
    }

    public IDisposableReadOnlyCollection<OrtValue> Run(
        RunOptions runOptions, IReadOnlyDictionary<string, OrtValue> inputs, IReadOnlyCollection<string> outputNames) =>
        Run(runOptions, [.. inputs.Keys], [.. inputs.Values], [.. outputNames]);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (_handle != 0)
            OrtApi.Release(OrtFunction.ReleaseSession, _handle);
        _handle = 0;
    }

    private DisposableList<OrtValue> Run(RunOptions options, string[] inputNames, OrtValue[] inputs, string[] outputNames)
    {
        CheckNames(inputNames, _inputs, "Input");
        CheckNames(outputNames, _outputs, "Output");
        var names = Array.ConvertAll<string, nint>([.. inputNames, .. outputNames], Marshal.StringToCoTaskMemUTF8);
        var outputs = new nint[outputNames.Length];
        try
        {
            fixed (nint* allNames = names, values = Array.ConvertAll(inputs, value => value.Handle), results = outputs)
                OrtApi.Check(((delegate* unmanaged<nint, nint, nint*, nint*, nint, nint*, nint, nint*, nint>)OrtApi.At(OrtFunction.Run))(
                    _handle, options.Handle, allNames, values, inputs.Length, allNames + inputs.Length, outputs.Length, results));
        }
        finally
        {
            Array.ForEach(names, Marshal.FreeCoTaskMem);
            // The garbage collector must not take what the native side still reads.
            GC.KeepAlive(inputs);
            GC.KeepAlive(this);
        }
        var made = new DisposableList<OrtValue>();
        made.AddRange(outputs.Select(handle => new OrtValue(handle)));
        return made;
    }

    private static void CheckNames(string[] names, Dictionary<string, NodeMetadata> known, string role)
    {
        foreach (var name in names)
        {
            if (!known.ContainsKey(name))
                throw new OnnxRuntimeException(ErrorCode.InvalidArgument, $"{role} name: '{name}' is not in the metadata");
        }
    }

    private void Open(string path, SessionOptions options)
    {
        nint made;
        fixed (byte* text = Encoding.UTF8.GetBytes($"{path}\0"))
            OrtApi.Check(((delegate* unmanaged<nint, byte*, nint, nint*, nint>)OrtApi.At(OrtFunction.CreateSession))(OrtEnv.Instance().Handle, text, options.Handle, &made));
        Describe(made);
    }

    private void Open(byte[] model, SessionOptions options)
    {
        nint made;
        fixed (byte* data = model)
            OrtApi.Check(((delegate* unmanaged<nint, byte*, nint, nint, nint*, nint>)OrtApi.At(OrtFunction.CreateSessionFromArray))(OrtEnv.Instance().Handle, data, model.Length, options.Handle, &made));
        Describe(made);
    }

    private void Describe(nint session)
    {
        _handle = session;
        Describe(OrtFunction.SessionGetInputCount, OrtFunction.SessionGetInputName, OrtFunction.SessionGetInputTypeInfo, _inputNames, _inputs);
        Describe(OrtFunction.SessionGetOutputCount, OrtFunction.SessionGetOutputName, OrtFunction.SessionGetOutputTypeInfo, _outputNames, _outputs);
    }

    private void Describe(OrtFunction count, OrtFunction name, OrtFunction type, List<string> names, Dictionary<string, NodeMetadata> nodes)
    {
        var nodesCount = (int)OrtApi.Get<nint>(count, _handle);
        for (var i = 0; i < nodesCount; i++)
        {
            names.Add(OrtApi.GetText(name, _handle, i));
            var info = OrtApi.Get(type, _handle, i);
            try
            {
                nodes[names[i]] = new NodeMetadata(info);
            }
            finally
            {
                OrtApi.Release(OrtFunction.ReleaseTypeInfo, info);
            }
        }
    }
}
