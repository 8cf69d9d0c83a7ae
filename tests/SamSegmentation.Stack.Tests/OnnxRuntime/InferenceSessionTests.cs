using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;

namespace SamSegmentation.Stack.Tests.OnnxRuntime;

public sealed class InferenceSessionTests : IDisposable
{
    private readonly SessionOptions _options = new() { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly InferenceSession _session;

    public InferenceSessionTests() => _session = new InferenceSession(TinyModel.Bytes, _options);

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }

    [Fact]
    public void Metadata_OfNodes_AreTheirNamesTypesAndShapes()
    {
        Assert.Equal(["X"], _session.InputNames);
        Assert.Equal(["Y", "S", "U"], _session.OutputNames);
        var x = _session.InputMetadata["X"];
        Assert.True(x.IsTensor);
        Assert.Equal((OnnxValueType.ONNX_TYPE_TENSOR, TensorElementType.Float, typeof(float)), (x.OnnxValueType, x.ElementDataType, x.ElementType));
        Assert.Equal([-1, 3], x.Dimensions);
        Assert.Equal(["rows", ""], x.SymbolicDimensions);
        Assert.Equal([-1], _session.OutputMetadata["S"].Dimensions);
        Assert.Equal([TensorElementType.Int64, TensorElementType.UInt8], [_session.OutputMetadata["S"].ElementDataType, _session.OutputMetadata["U"].ElementDataType]);
    }

    [Fact]
    public void Metadata_OfModel_AreItsTexts()
    {
        var metadata = _session.ModelMetadata;
        Assert.Equal(("a test", "graph", 7), (metadata.ProducerName, metadata.GraphName, metadata.Version));
        Assert.Equal(new() { ["first"] = "één", ["second"] = "" }, metadata.CustomMetadataMap);
    }

    [Fact]
    public void Run_AnyNumberOfRows_GivesTheAskedOutputsInTheAskedOrder()
    {
        using var run = new RunOptions();
        using var x = OrtValue.CreateTensorValueFromMemory([1f, 2, 3, 9, 5, 4], [2, 3]);
        using var outputs = _session.Run(run, ["X"], [x], ["U", "Y", "S"]);
        Assert.Equal<byte>([2, 0], outputs[0].GetTensorDataAsSpan<byte>());
        Assert.Equal([1, 20, 300, 9, 50, 400], outputs[1].GetTensorDataAsSpan<float>());
        Assert.Equal([2, 0], outputs[2].GetTensorDataAsSpan<long>());
        var shape = outputs[1].GetTensorTypeAndShape();
        Assert.Equal((TensorElementType.Float, 6, 2), (shape.ElementDataType, shape.ElementCount, shape.DimensionsCount));
        Assert.Equal([2, 3], shape.Shape);

        using var again = _session.Run(run, new Dictionary<string, OrtValue> { ["X"] = x }, ["Y"]);
        Assert.Equal([1, 20, 300, 9, 50, 400], Assert.Single(again).GetTensorDataAsSpan<float>());
    }

    [Fact]
    public void Run_ChangedMemoryOfAValue_SeesTheChange()
    {
        using var run = new RunOptions();
        float[] memory = [1, 1, 1, 7];
        using var x = OrtValue.CreateTensorValueFromMemory(memory, [1, 3]);
        memory[1] = 5;
        x.GetTensorMutableDataAsSpan<float>()[2] = 6;
        Assert.Equal([1, 5, 6, 7], memory);
        using var outputs = _session.Run(run, ["X"], [x], ["Y"]);
        Assert.Equal([1, 50, 600], outputs[0].GetTensorDataAsSpan<float>());
    }

    [Fact]
    public void Run_SeveralThreads_EachGetsItsOwn()
    {
        using var run = new RunOptions();
        Parallel.For(0, 32, i =>
        {
            using var x = OrtValue.CreateTensorValueFromMemory([(float)i, 0, 0], [1, 3]);
            using var outputs = _session.Run(run, ["X"], [x], ["Y"]);
            Assert.Equal(i, outputs[0].GetTensorDataAsSpan<float>()[0]);
        });
    }

    [Fact]
    public void Run_WrongNameShapeOrType_Throws()
    {
        using var run = new RunOptions();
        using var x = OrtValue.CreateTensorValueFromMemory([1f, 2, 3], [1, 3]);
        Assert.Contains("'Z'", Assert.Throws<OnnxRuntimeException>(() => _session.Run(run, ["Z"], [x], ["Y"])).Message, StringComparison.Ordinal);
        Assert.Contains("'Z'", Assert.Throws<OnnxRuntimeException>(() => _session.Run(run, ["X"], [x], ["Z"])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _session.Run(run, ["X"], Array.Empty<OrtValue>(), ["Y"]));
        using var wide = OrtValue.CreateTensorValueFromMemory([1f, 2, 3, 4], [1, 4]);
        Assert.Contains("[ErrorCode:InvalidArgument]", Assert.Throws<OnnxRuntimeException>(() => _session.Run(run, ["X"], [wide], ["Y"])).Message, StringComparison.Ordinal);
        using var whole = OrtValue.CreateTensorValueFromMemory([1L, 2, 3], [1, 3]);
        Assert.Throws<OnnxRuntimeException>(() => _session.Run(run, ["X"], [whole], ["Y"]));
        Assert.Throws<OnnxRuntimeException>(() => whole.GetTensorDataAsSpan<float>().Length);
        Assert.Throws<OnnxRuntimeException>(() => OrtValue.CreateTensorValueFromMemory([1f, 2], [1, 3]));
    }

    [Fact]
    public void Run_Terminated_Throws()
    {
        using var run = new RunOptions { Terminate = true };
        using var x = OrtValue.CreateTensorValueFromMemory([1f, 2, 3], [1, 3]);
        Assert.Throws<OnnxRuntimeException>(() => _session.Run(run, ["X"], [x], ["Y"]));
        run.Terminate = false;
        _session.Run(run, ["X"], [x], ["Y"]).Dispose();
    }

    [Fact]
    public void Open_FileOrWhatIsNoModel_OpensOrThrows()
    {
        using var folder = new MicrosoftML.TemporaryFolder();
        var path = folder.Write("mödel.onnx", TinyModel.Bytes);
        using (var session = new InferenceSession(path))
            Assert.Equal(["X"], session.InputNames);
        Assert.Contains("[ErrorCode:NoSuchFile]", Assert.Throws<OnnxRuntimeException>(() => new InferenceSession(path + "x", _options)).Message, StringComparison.Ordinal);
        Assert.Throws<OnnxRuntimeException>(() => new InferenceSession(TinyModel.Bytes[..^40], _options));
        Assert.Throws<OnnxRuntimeException>(() => new InferenceSession([1, 2, 3], _options));
        Assert.NotEmpty(OrtEnv.Instance().GetVersionString());
    }
}
