using Microsoft.ML;
using SamSegmentation.Bench.Measuring;
using SamSegmentation.Bench.Subjects;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline;
using static TorchSharp.torch;

namespace SamSegmentation.Bench.Measures;

/// <summary>ML.NET's Save and Load of a whole network against plain writing and reading of as many bytes.</summary>
internal sealed class ModelFileMeasure : IMeasure
{
    public string Name => "model-file";

    public IReadOnlyList<Figure> Run(Effort effort)
    {
        var config = BenchNetwork.Config(effort);
        var info = new SavedModelInfo { Config = config, ClassNames = ClassList.Voc.Names, Preprocessing = nameof(Preprocessing.Sam) };
        using var model = new SamSemanticSegmentationTransformer(new SegmentationModel(BenchNetwork.Create(config), info), new SegmentationColumns(), CPU, 1, null);
        using var folder = new TemporaryFolder();
        var context = new MLContext(seed: 1);
        var (zip, plain) = (folder.File("model.zip"), folder.File("plain"));
        context.Model.Save(model, null, zip);
        var bytes = File.ReadAllBytes(zip);
        var timings = Interleaved.Time(
            effort == Effort.Full ? 5 : 1,
            () => context.Model.Save(model, null, zip),
            () => File.WriteAllBytes(plain, bytes),
            () => ((SamSemanticSegmentationTransformer)context.Model.Load(zip, out _)).Dispose(),
            () => File.ReadAllBytes(plain));
        var size = $"{bytes.Length / 1e6:F0} MB";
        return
        [
            new Figure($"Save, {size}", timings[0].Wall, "s").Over(timings[0], timings[1], "writing the bytes"),
            new Figure($"Load, {size}", timings[2].Wall, "s").Over(timings[2], timings[3], "reading the bytes"),
        ];
    }
}
