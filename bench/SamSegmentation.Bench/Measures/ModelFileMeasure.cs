using System.IO.Compression;
using Microsoft.ML;
using SamSegmentation.Bench.Measuring;
using SamSegmentation.Bench.Subjects;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline;
using static TorchSharp.torch;

namespace SamSegmentation.Bench.Measures;

/// <summary>ML.NET's Save and Load of a whole network against packing and unpacking as many bytes as its files are packed.</summary>
internal sealed class ModelFileMeasure : IMeasure
{
    public string Name => "model-file";

    public IReadOnlyList<Figure> Run(Effort effort)
    {
        var config = BenchNetwork.Config(effort, effort == Effort.Full ? null : BenchNetwork.FewBlocks);
        var info = new SavedModelInfo { Config = config, ClassNames = ClassList.Voc.Names, Preprocessing = nameof(Preprocessing.Sam) };
        using var model = new SamSemanticSegmentationTransformer(new SegmentationModel(BenchNetwork.Create(config), info), new SegmentationColumns(), CPU, 1, null);
        using var folder = new TemporaryFolder();
        var context = new MLContext(seed: 1);
        var (zip, weights, packed) = (folder.File("model.zip"), folder.File("weights.safetensors"), folder.File("packed.zip"));
        SamCheckpoint.SaveModel(model.Model.Network, weights, info);
        // Seconds each: what the first round takes to warm up is lost in them.
        var timings = Interleaved.TimeWarm(
            effort == Effort.Full ? 3 : 1,
            () => context.Model.Save(model, null, zip),
            Pack,
            () => ((SamSemanticSegmentationTransformer)context.Model.Load(zip, out _)).Dispose(),
            Unpack);
        var size = $"{new FileInfo(zip).Length / 1e6:F0} MB";
        return
        [
            new Figure($"Save, {size}", timings[0].Wall, "s").Over(timings[0], timings[1], "packing its file of weights"),
            new Figure($"Load, {size}", timings[2].Wall, "s").Over(timings[2], timings[3], "unpacking it"),
        ];

        void Pack()
        {
            File.Delete(packed);
            using var archive = ZipFile.Open(packed, ZipArchiveMode.Create);
            archive.CreateEntryFromFile(weights, "weights");
        }

        void Unpack()
        {
            using var archive = ZipFile.OpenRead(packed);
            archive.Entries[0].ExtractToFile(folder.File("unpacked"), overwrite: true);
        }
    }
}
