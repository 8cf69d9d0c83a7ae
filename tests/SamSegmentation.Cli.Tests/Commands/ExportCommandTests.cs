using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Onnx;
using Xunit;

namespace SamSegmentation.Cli.Tests.Commands;

public sealed class ExportCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public ExportCommandTests() => _model = TinyNetwork.WriteModel(_folder, "model.safetensors", "ground", "red", "blue");

    private string File => _folder.PathOf("out/network.onnx");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("complete", OnnxForm.Complete, "input       Pixels float32 [1, 3, 32, 32]", "output      PredictedLabel uint8 [1, 32, 32]")]
    [InlineData("network", OnnxForm.Network, "input       Input float32 [1, 3, 32, 32]", "output      Logits float32 [1, 3, 16, 16]")]
    [InlineData("encoder", OnnxForm.Encoder, "input       Input float32 [1, 3, 32, 32]", "output      Embedding float32 [1, 16, 4, 4]")]
    [InlineData("head", OnnxForm.Head, "input       Embedding float32 [1, 16, 4, 4]", "output      Logits float32 [1, 3, 16, 16]")]
    public async Task Export_EveryForm_WritesWhatTheLibraryDoes(string name, OnnxForm form, string input, string output)
    {
        var run = await Export("--form", name, "--precision", "float16");

        Assert.Equal((0, ""), (run.Code, run.Error));
        var lines = run.Output.Split(Environment.NewLine);
        Assert.Contains(input, lines);
        Assert.Contains(output, lines);
        Assert.EndsWith(" bytes", lines[^2], StringComparison.Ordinal);
        Assert.Equal(Expected(new OnnxExportOptions { Form = form, Precision = OnnxPrecision.Float16 }), System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public async Task Export_SizesAndProbabilities_AreTheGraphs()
    {
        var run = await Export("--height", "20", "--width", "50", "--probabilities");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("output      Score float32 [1, 3, 20, 50]", run.Output, StringComparison.Ordinal);
        Assert.Equal(Expected(new OnnxExportOptions { Height = 20, Width = 50, Probabilities = true }), System.IO.File.ReadAllBytes(File));
    }

    [Theory]
    [InlineData("--form: expected one of complete, network, encoder, head (did you mean 'encoder'?), found 'encodr'", "--form", "encodr")]
    [InlineData("--precision: expected one of float32, float16", "--precision", "int8")]
    [InlineData("--height: expected an integer of at least 1, found '0'", "--height", "0")]
    [InlineData("--width: expected an integer of at least 1, found 'wide'", "--width", "wide")]
    [InlineData("--width: is 9; the form Head takes no images", "--form", "head", "--width", "9")]
    [InlineData("--probabilities: the form Encoder gives none", "--form", "encoder", "--probabilities")]
    [InlineData("--height: Height·Width is 10000000000 pixels; it must be at most", "--height", "100000", "--width", "100000")]
    public async Task Export_BadUsage_SaysWhatAndWritesNothing(string expected, params string[] arguments)
    {
        var run = await Export(arguments);

        Assert.Equal(2, run.Code);
        Assert.Contains($"samseg: {expected}", run.Error, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task Export_NoModel_IsBadUsage()
    {
        var run = await SamSeg.RunAsync("export", "--output", File);

        Assert.Equal(2, run.Code);
        Assert.Contains("no model: expected --model FILE", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_FileThatCannotBeWritten_Fails()
    {
        var run = await SamSeg.RunAsync("export", "--model", _model, "--output", Path.Combine(_model, "network.onnx"));

        Assert.Equal(1, run.Code);
        Assert.Contains(_model, run.Error, StringComparison.Ordinal);
    }

    private Task<SamSeg> Export(params string[] arguments) => SamSeg.RunAsync(["export", "--model", _model, "--output", File, .. arguments]);

    private byte[] Expected(OnnxExportOptions options)
    {
        using var model = SegmentationModel.Load(_model);
        using var stream = new MemoryStream();
        OnnxExporter.Export(model.Network, model.Info, stream, options);
        return stream.ToArray();
    }
}
