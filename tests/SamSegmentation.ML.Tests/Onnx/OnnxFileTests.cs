using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime.Tensors;
using SamSegmentation.Demo;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Onnx;
using SamSegmentation.ML.Onnx.Protos;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Tests.Pipeline;
using SamSegmentation.ML.Tests.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Onnx;

/// <summary>What stock <c>ApplyOnnxModel</c>, other programs and users need of a file.</summary>
[Collection(LiveTensors.Alone)]
public sealed class OnnxFileTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly MLContext _context = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Export_Complete_IsWhatApplyOnnxModelNeeds()
    {
        using var network = TinyNetwork.Create();
        var path = _folder.PathOf("deep/network.onnx");

        var result = OnnxExporter.Export(network, Exported.InfoOf(network), path, new OnnxExportOptions { Height = 48, Width = 80, Probabilities = true });

        // One file, one input of planes, every dimension known, types that ML.NET has columns for.
        Assert.Equal(["network.onnx"], Directory.GetFiles(Path.GetDirectoryName(path)!).Select(Path.GetFileName));
        Assert.Equal(new FileInfo(path).Length, result.Bytes);
        using var session = new OnnxSession(path);
        var (name, input) = Assert.Single(session.Inputs);
        Assert.Equal((OnnxNames.Pixels, TensorElementType.Float), (name, input.ElementDataType));
        Assert.Equal([1, 3, 48, 80], input.Dimensions);
        Assert.Equal([OnnxNames.PredictedLabel, OnnxNames.Score], session.Outputs.Keys);
        Assert.Equal(TensorElementType.UInt8, session.Outputs[OnnxNames.PredictedLabel].ElementDataType);
        Assert.Equal([1, 48, 80], session.Outputs[OnnxNames.PredictedLabel].Dimensions);
        Assert.Equal(TensorElementType.Float, session.Outputs[OnnxNames.Score].ElementDataType);
        Assert.Equal([1, 3, 48, 80], session.Outputs[OnnxNames.Score].Dimensions);
        Assert.Equal(["Pixels float32 [1, 3, 48, 80]"], result.Inputs.Select(tensor => tensor.ToString()));
        Assert.Equal(["PredictedLabel uint8 [1, 48, 80]", "Score float32 [1, 3, 48, 80]"], result.Outputs.Select(tensor => tensor.ToString()));
        // It refuses initialisers of other types than its columns have, float16 among them.
        foreach (var precision in Enum.GetValues<OnnxPrecision>())
            Assert.Equal([TensorProto.Types.DataType.Float, TensorProto.Types.DataType.Int64], InitializerTypes(Exported.Bytes(network, new OnnxExportOptions { Precision = precision })));
        var said = OnnxMetadata.Read(session.Metadata, path);
        Assert.Equal((OnnxForm.Complete, 48, 80, 64), (said.Form, said.Height, said.Width, said.ImageSize));
        Assert.Equal(result.Metadata.GraphHash, said.GraphHash);
    }

    [Fact]
    public void Export_WithoutSizes_TakesTheNetworksOwn()
    {
        using var network = TinyNetwork.Create();
        using var session = new OnnxSession(Exported.Bytes(network, OnnxExportOptions.Default));
        Assert.Equal([1, 3, 64, 64], session.Inputs[OnnxNames.Pixels].Dimensions);
        Assert.Equal([OnnxNames.PredictedLabel], session.Outputs.Keys);
    }

    [Fact]
    public void Export_Hashes_AreOfGraphAndNetwork()
    {
        using var network = TinyNetwork.Create();
        var encoder = Exported.Bytes(network, new OnnxExportOptions { Form = OnnxForm.Encoder });
        using var session = new OnnxSession(encoder);
        using var head = new OnnxSession(Exported.Bytes(network, new OnnxExportOptions { Form = OnnxForm.Head, Precision = OnnxPrecision.Float16 }));
        var (ofEncoder, ofHead) = (OnnxMetadata.Read(session.Metadata, ""), OnnxMetadata.Read(head.Metadata, ""));

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(GraphOf(encoder))), ofEncoder.GraphHash);
        Assert.NotEqual(ofEncoder.GraphHash, ofHead.GraphHash);
        Assert.Equal((WeightsHash.Compute(network), WeightsHash.Compute(network)), (ofEncoder.NetworkHash, ofHead.NetworkHash));
    }

    [Fact]
    public void Export_Twice_GivesTheSameBytesInFileAndStream()
    {
        using var network = TinyNetwork.Create();
        var path = _folder.PathOf("network.onnx");
        var before = LiveTensors.Count();

        var written = OnnxExporter.Export(network, Exported.InfoOf(network), path);

        Assert.Equal(before, LiveTensors.Count());
        using var stream = new MemoryStream();
        var streamed = OnnxExporter.Export(network, Exported.InfoOf(network), stream);
        Assert.Equal((stream.Length, streamed.Metadata.GraphHash), (streamed.Bytes, written.Metadata.GraphHash));
        Assert.Equal(File.ReadAllBytes(path), stream.ToArray());
    }

    [Fact]
    public void Export_Float16_HalvesTheFile()
    {
        using var network = new SemanticSam(SmallSam.Config, 3);
        using var stream = new MemoryStream();
        var whole = Exported.Bytes(network, new OnnxExportOptions { Form = OnnxForm.Network }).Length;
        var half = OnnxExporter.Export(network, Exported.InfoOf(network), stream, new OnnxExportOptions { Form = OnnxForm.Network, Precision = OnnxPrecision.Float16 });
        Assert.Equal(stream.Length, half.Bytes);
        Assert.InRange(half.Bytes / (double)whole, 0.5, 0.55);
    }

    [Fact]
    public void ExportOnnx_TransformerOrChainWithOne_ExportsIt()
    {
        using var model = TinyTransformer.Create();
        using var chain = new TransformerChain<ITransformer>(model);
        using var stream = new MemoryStream();
        var path = _folder.PathOf("network.onnx");

        var result = _context.Segmentation().ExportOnnx(model, path);
        _context.Segmentation().ExportOnnx(chain, stream);

        Assert.Equal(File.ReadAllBytes(path), stream.ToArray());
        Assert.Equal(model.ClassNames, result.Metadata.ClassNames);
    }

    [Fact]
    public void ExportOnnx_NoOrAnotherOrADisposedTransformer_Throws()
    {
        using var model = TinyTransformer.Create();
        using var twice = new TransformerChain<ITransformer>(model, model);
        using var several = model.WithInference(new InferenceOptions { Flip = true });
        using var stream = new MemoryStream();

        Assert.Contains("has 2", Assert.Throws<ArgumentException>(() => _context.Segmentation().ExportOnnx(twice, stream)).Message, StringComparison.Ordinal);
        Assert.Contains("has 0", Assert.Throws<ArgumentException>(() => _context.Segmentation().ExportOnnx(new TransformerChain<ITransformer>(), stream)).Message, StringComparison.Ordinal);
        Assert.Contains("several times", Assert.Throws<ArgumentException>(() => _context.Segmentation().ExportOnnx(several, stream)).Message, StringComparison.Ordinal);
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _context.Segmentation().ExportOnnx(model, stream));
        Assert.Equal(0, stream.Length);
    }

    // Field 5 of the graph.
    private static IEnumerable<TensorProto.Types.DataType> InitializerTypes(byte[] file)
    {
        var types = new SortedSet<TensorProto.Types.DataType>();
        var graph = new Google.Protobuf.CodedInputStream(GraphOf(file));
        while (graph.ReadTag() is var tag and not 0)
        {
            if (tag >> 3 == 5)
                types.Add((TensorProto.Types.DataType)TensorProto.Parser.ParseFrom(graph.ReadBytes()).DataType);
            else
                graph.SkipLastField();
        }
        return types;
    }

    // Field 7 of the file: protobuf's tag, then the length.
    private static byte[] GraphOf(byte[] file)
    {
        var input = new Google.Protobuf.CodedInputStream(file);
        while (input.ReadTag() is var tag && tag >> 3 != 7)
            input.SkipLastField();
        return input.ReadBytes().ToByteArray();
    }
}
