using Microsoft.ML.OnnxRuntime;
using SamSegmentation.Bench.Measuring;
using SamSegmentation.Bench.Subjects;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Onnx;
using static TorchSharp.torch;

namespace SamSegmentation.Bench.Measures;

/// <summary>The image encoder in ONNX Runtime against ours, with as many threads and in float32; what exporting and loading take.</summary>
internal sealed class OnnxMeasure : IMeasure
{
    public string Name => "onnx";

    public IReadOnlyList<Figure> Run(Effort effort)
    {
        var config = BenchNetwork.Config(effort, effort == Effort.Full ? null : BenchNetwork.FewBlocks);
        using var model = BenchNetwork.Create(config);
        using var folder = new TemporaryFolder();
        var export = Interleaved.Once(() => Export(model, folder.File("float32.onnx"), OnnxPrecision.Float32));
        Export(model, folder.File("float16.onnx"), OnnxPrecision.Float16);
        using var image = randn(1, 3, config.ImageSize, config.ImageSize);
        using var options = new SessionOptions { IntraOpNumThreads = get_num_threads(), InterOpNumThreads = 1 };
        var loads = Interleaved.Time(
            effort == Effort.Full ? 3 : 1,
            () => new InferenceSession(folder.File("float32.onnx"), options).Dispose(),
            () => new InferenceSession(folder.File("float16.onnx"), options).Dispose());
        using var session = new InferenceSession(folder.File("float32.onnx"), options);
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(image.data<float>().ToArray(), image.shape);
        var runs = Interleaved.Time(
            effort == Effort.Full ? 7 : 1,
            () => BenchNetwork.Encode(model, image),
            () => session.Run(run, [OnnxNames.Input], [input], [OnnxNames.Embedding]).Dispose());
        return
        [
            new Figure("encoder, ours", runs[0].Wall, "s"),
            new Figure("encoder, ONNX Runtime", runs[1].Wall, "s") { Goal = Goal.RatioAtMost(1) }.Over(runs[1], runs[0], "ours"),
            new Figure("writing the encoder, float32", export.Wall, "s").Over(export, runs[0], "running it"),
            new Figure("loading it in ONNX Runtime, float32", loads[0].Wall, "s").Over(loads[0], runs[1], "running it there"),
            new Figure("loading it in ONNX Runtime, float16", loads[1].Wall, "s").Over(loads[1], loads[0], "float32"),
        ];
    }

    private static void Export(SemanticSam model, string path, OnnxPrecision precision)
    {
        var info = new SavedModelInfo
        {
            Config = model.Config,
            ClassNames = [.. Enumerable.Range(0, model.Classes).Select(id => $"class {id}")],
            Preprocessing = nameof(Preprocessing.Sam),
        };
        OnnxExporter.Export(model, info, path, new OnnxExportOptions { Form = OnnxForm.Encoder, Precision = precision });
    }
}
