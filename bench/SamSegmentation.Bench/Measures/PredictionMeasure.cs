using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using SamSegmentation.Bench.Measuring;
using SamSegmentation.Bench.Subjects;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Pipeline;
using static TorchSharp.torch;

namespace SamSegmentation.Bench.Measures;

/// <summary>ML.NET's two ways to predictions against the bare network: one image at a time, and a stream of files.</summary>
internal sealed class PredictionMeasure : IMeasure
{
    // Two blocks take a sixth of ViT-B, so that whatever surrounds the network weighs six times as much as in earnest.
    private const int FewBlocks = 2;

    public string Name => "prediction";

    public IReadOnlyList<Figure> Run(Effort effort)
    {
        var full = BenchNetwork.Config(effort);
        var config = BenchNetwork.Config(effort, effort == Effort.Full ? null : FewBlocks);
        using var folder = new TemporaryFolder();
        using var model = Transformer(config);
        using var picture = BenchScenes.Image(0).ToMLImage();
        var path = folder.File("scene.jpg");
        picture.Save(path);
        var context = new MLContext(seed: 1);
        using var engine = context.Model.CreatePredictionEngine<Input, Output>(model, new PredictionEngineOptions { OwnsTransformer = false });
        var input = new Input { Image = picture };
        var output = new Output();
        var count = effort switch { Effort.Smallest => 2, Effort.Quick => 3, _ => 8 };
        var rows = context.Data.LoadFromEnumerable(Enumerable.Repeat(new PathInput { Image = path }, count));
        using var image = randn(1, 3, config.ImageSize, config.ImageSize);
        var network = model.Model.Network;
        engine.Predict(input, ref output);
        Read(model.Transform(context.Data.TakeRows(rows, 1)));
        var timings = Interleaved.TimeWarm(
            effort switch { Effort.Smallest => 1, Effort.Quick => 2, _ => 3 },
            () =>
            {
                for (var i = 0; i < count; i++)
                    engine.Predict(input, ref output);
            },
            () => Read(model.Transform(rows)),
            () =>
            {
                using var noGradient = no_grad();
                for (var i = 0; i < count; i++)
                {
                    using var logits = network.forward(image);
                }
            });
        var blocks = $"{config.EncoderDepth} encoder blocks";
        return
        [
            new Figure($"PredictionEngine, {blocks}", timings[0].Wall / count, "s") { Goal = effort == Effort.Full ? Goal.RatioAtMost(1.02) : null }.Over(timings[0], timings[2], "the bare network"),
            new Figure($"Transform of JPEG files, {blocks}", count / timings[1].Wall, "images/s") { Goal = Goal.RatioAtLeast(0.95) }.FasterThan(timings[1], timings[2], "the bare network"),
            .. Rest(effort, timings[2] / count * (NetworkOperations.Encoder(full) / NetworkOperations.Encoder(config)), full),
        ];
    }

    // What a call does beside the network, free of the network's noise: in a network of the same sizes that costs little.
    private static IEnumerable<Figure> Rest(Effort effort, Timing network, SamConfig full)
    {
        var config = full with { EncoderDim = 64, EncoderHeads = 2, EncoderDepth = 1, GlobalAttentionBlocks = [] };
        using var model = Transformer(config);
        using var picture = BenchScenes.Image(0).ToMLImage();
        using var engine = new MLContext(seed: 1).Model.CreatePredictionEngine<Input, Output>(model, new PredictionEngineOptions { OwnsTransformer = false });
        var input = new Input { Image = picture };
        var output = new Output();
        using var image = randn(1, 3, config.ImageSize, config.ImageSize);
        var timings = Interleaved.Time(
            effort switch { Effort.Smallest => 1, Effort.Quick => 10, _ => 20 },
            () => engine.Predict(input, ref output),
            () =>
            {
                using var noGradient = no_grad();
                using var logits = model.Model.Network.forward(image);
            });
        var rest = timings[0] - timings[1];
        yield return new Figure("PredictionEngine's work beside the network", rest.Wall * 1e3, "ms") { Goal = Goal.RatioAtMost(0.02) }
            .Over(rest, network, $"the network of {full.EncoderDepth} blocks, by the arithmetic of those above");
    }

    private static void Read(IDataView view)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        var getter = cursor.GetGetter<VBuffer<byte>>(view.Schema["PredictedLabel"]);
        VBuffer<byte> value = default;
        while (cursor.MoveNext())
            getter(ref value);
    }

    private static SamSemanticSegmentationTransformer Transformer(SamConfig config)
    {
        var info = new SavedModelInfo { Config = config, ClassNames = ClassList.Voc.Names, Preprocessing = nameof(Preprocessing.Sam) };
        return new SamSemanticSegmentationTransformer(new SegmentationModel(BenchNetwork.Create(config), info), new SegmentationColumns(), CPU, 1, null);
    }

    private sealed class Input
    {
        [ImageType(BenchScenes.Height, BenchScenes.Width)]
        public MLImage Image { get; set; } = null!;
    }

    private sealed class PathInput
    {
        public string Image { get; set; } = "";
    }

    private sealed class Output
    {
        public byte[] PredictedLabel { get; set; } = [];
    }
}
