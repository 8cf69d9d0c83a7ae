using SamSegmentation.ML.Onnx;
using SamSegmentation.ML.Onnx.Graphs;
using SamSegmentation.ML.Onnx.Protos;
using SamSegmentation.ML.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Onnx;

public sealed class OnnxExportFaultTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public static TheoryData<OnnxExportOptions, string> Options { get; } = new()
    {
        { new() { Form = (OnnxForm)9 }, "Form: is 9; it must be one of Complete, Network, Encoder, Head." },
        { new() { Precision = (OnnxPrecision)9 }, "Precision: is 9; it must be one of Float32, Float16." },
        { new() { Height = 0 }, "Height: is 0; it must be at least 1." },
        { new() { Width = -3 }, "Width: is -3; it must be at least 1." },
        { new() { Form = OnnxForm.Network, Height = 8 }, "Height: is 8; the form Network takes no images but the network's own input." },
        { new() { Form = OnnxForm.Head, Probabilities = true }, "Probabilities: the form Head gives none; only Complete does." },
        { new() { Height = 100_000, Width = 100_000 }, "Height·Width is 10000000000 pixels; it must be at most 178956970." },
        { new() { Height = 12_000, Width = 12_000, Probabilities = true }, "it must be at most 102261123, as an array holds the probabilities of 21 classes." },
        { new() { Height = 9_000_000, Probabilities = true }, "Height·Width is 576000000 pixels" },
        { new() { Height = 40_000_000, Width = 4 }, "Height: is 40000000; it must be at most 33554431 for a network of 64 pixels." },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Options))]
    public void FindFaults_UnusableOptions_SaysWhatIsWrong(OnnxExportOptions options, string expected) =>
        Assert.Contains(expected, Assert.Single(options.FindFaults(classes: 21, imageSize: 64)).ToString(), StringComparison.Ordinal);

    [Fact]
    public void FindFaults_SoundOptions_AreNone()
    {
        Assert.Empty(OnnxExportOptions.Default.FindFaults());
        Assert.Empty(new OnnxExportOptions { Height = 4000, Width = 6000, Probabilities = true }.FindFaults(21, 1024));
        Assert.Empty(new OnnxExportOptions { Form = OnnxForm.Head }.FindFaults(21, 1 << 20));
    }

    [Fact]
    public void Export_SeveralFaults_ListsAllAndWritesNothing()
    {
        using var network = TinyNetwork.Create();
        var info = Exported.InfoOf(network) with { ClassNames = ["one"], Config = TinyNetwork.Config with { EncoderDepth = 9 }, Preprocessing = "Crop" };
        using var stream = new MemoryStream();

        var error = Assert.Throws<ArgumentException>(() => OnnxExporter.Export(network, info, stream, new OnnxExportOptions { Height = 0 }));

        string[] expected =
        [
            "- Height: is 0", "- ClassNames: there are 1 names; the network has 3 classes.", "- Config: is of another network",
            "- Preprocessing: is 'Crop'; it must be one of Sam, Stretch.",
        ];
        Assert.All(expected, fault => Assert.Contains(fault, error.Message, StringComparison.Ordinal));
        Assert.Equal(0, stream.Length);
    }

    [Theory]
    [InlineData(float.NaN, OnnxPrecision.Float32, "is not finite")]
    [InlineData(float.PositiveInfinity, OnnxPrecision.Float16, "is not finite")]
    [InlineData(70000f, OnnxPrecision.Float16, "reaches 70000; float16 ends at 65504. Export it as Float32.")]
    public void Export_WeightThatCannotBeStored_NamesItAndLeavesTheFile(float value, OnnxPrecision precision, string reason)
    {
        using var network = TinyNetwork.Create();
        using (no_grad())
            network.image_encoder.state_dict()["neck.0.weight"].fill_(value);
        var path = _folder.Write("network.onnx", [1, 2, 3]);

        var error = Assert.Throws<ArithmeticException>(() => OnnxExporter.Export(network, Exported.InfoOf(network), path, new OnnxExportOptions { Precision = precision }));

        Assert.StartsWith("The weight 'image_encoder.neck.0.weight' " + reason, error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
    }

    [Fact]
    public void Export_PathThatCannotBeWritten_Throws()
    {
        using var network = TinyNetwork.Create();
        var file = _folder.Write("file", [1]);
        Assert.ThrowsAny<IOException>(() => OnnxExporter.Export(network, Exported.InfoOf(network), Path.Combine(file, "network.onnx")));
        var folder = Directory.CreateDirectory(_folder.PathOf("folder")).FullName;
        Assert.ThrowsAny<SystemException>(() => OnnxExporter.Export(network, Exported.InfoOf(network), folder));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Assert.Equal([1], File.ReadAllBytes(file));
    }

    [Theory]
    [InlineData(OnnxPrecision.Float32, "Export it as Float16")]
    [InlineData(OnnxPrecision.Float16, "Export encoder and head apart")]
    public void CheckSize_GraphBeyondTwoGigabytes_SaysWhatToDo(OnnxPrecision precision, string advice)
    {
        var graph = new GraphBuilder("large", "");
        graph.Held("weight", TensorProto.Types.DataType.Float, [30_000, 18_000], _ => throw new InvalidOperationException("nothing is to be written"));

        var error = Assert.Throws<InvalidOperationException>(() => OnnxExporter.CheckSize(graph.Build(), precision));

        Assert.Contains("would take 2,160,000,", error.Message, StringComparison.Ordinal);
        Assert.Contains("ends at 2,147,483,647. " + advice, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_OperatorsThatDoNotFit_NameValuesAndShapes()
    {
        var graph = new GraphBuilder("faulty", "");
        var (a, b) = (graph.Input("a", 2, 3), graph.Input("b", 4, 5));

        Assert.Equal("MatMul of 'a' [2, 3] and 'b' [4, 5] does not fit.", Assert.Throws<ArgumentException>(() => graph.MatMul(a, b)).Message);
        Assert.Equal("Add of 'a' [2, 3] and 'b' [4, 5] does not fit.", Assert.Throws<ArgumentException>(() => graph.Add(a, b)).Message);
        Assert.StartsWith("'a' [2, 3] cannot become [7].", Assert.Throws<ArgumentException>(() => graph.Reshape(a, 7)).Message, StringComparison.Ordinal);
        Assert.StartsWith("The graph has two values 'a'.", Assert.Throws<ArgumentException>(() => graph.Input("a", 1)).Message, StringComparison.Ordinal);
    }
}
