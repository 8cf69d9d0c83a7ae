using System.Diagnostics;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Onnx;
using SamSegmentation.ML.Tests.Modeling.Adapters;
using SamSegmentation.ML.Tests.Modeling.Heads;
using Xunit;

namespace SamSegmentation.ML.Tests.Onnx;

/// <summary>
/// ONNX's own checker and shape inference on exported files. They run where Debian's python3-onnx is installed
/// (<c>apt-get install python3-onnx</c>); elsewhere the test says so and checks nothing.
/// </summary>
public sealed class OnnxCheckerTests(ITestOutputHelper log) : IDisposable
{
    // Debian's own interpreter, which sees Debian's packages.
    private const string Python = "/usr/bin/python3";

    private const string Script = """
        import sys, onnx
        for path in sys.argv[1:]:
            model = onnx.load(path)
            onnx.checker.check_model(model, full_check=True)
            onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
            assert len(model.graph.value_info) + len(model.graph.output) == sum(len(node.output) for node in model.graph.node), path
            print(path)
        """;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Check_EveryFormAndHead_IsSoundAndOfTheShapesThatItStates()
    {
        if (!File.Exists(Python) || Run("import onnx", []).Code != 0)
        {
            log.WriteLine("python3-onnx is not installed: nothing was checked.");
            return;
        }
        var files = new List<string>();
        foreach (var head in HeadNetworks.Heads.Prepend(HeadConfig.Default))
        {
            using var network = HeadNetworks.Create(head);
            foreach (var form in Enum.GetValues<OnnxForm>())
                Export(network, new OnnxExportOptions { Form = form, Precision = files.Count % 2 == 0 ? OnnxPrecision.Float32 : OnnxPrecision.Float16 });
            Export(network, new OnnxExportOptions { Height = 33, Width = 90, Probabilities = true });
        }
        using (var adapted = AdaptedNetwork.Create(AdaptedNetwork.Small))
            Export(adapted, OnnxExportOptions.Default);

        var (code, output) = Run(Script, files);

        Assert.True(code == 0, output);
        Assert.Equal(files, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        void Export(ML.Modeling.SemanticSam network, OnnxExportOptions options) =>
            files.Add(_folder.Write($"{files.Count}.onnx", Exported.Bytes(network, options)));
    }

    private static (int Code, string Output) Run(string script, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Python) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments.Prepend(script).Prepend("-c"))
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }
}
