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
    public string Name => "prediction";

    public IReadOnlyList<Figure> Run(Effort effort)
    {
        var config = BenchNetwork.Config(effort);
        // Most of a network's time is the same whatever surrounds it, and moves by more than that: what surrounds it shows with
        // an encoder that takes no time.
        var (engine, stream, _) = Time(effort switch { Effort.Smallest => 1, Effort.Quick => 4, _ => 10 }, config with { EncoderDim = 64, EncoderHeads = 2, EncoderDepth = 1, GlobalAttentionBlocks = [] }, images: 4, difference: true);
        if (effort == Effort.Full)
        {
            // One image after the other: the machine's speed changes within the minutes that several would take.
            var (engineWhole, streamWhole, networkWhole) = Time(8, config, images: 1, difference: false);
            return
            [
                .. Beside(engine, stream, networkWhole, "the network"),
                new Figure("PredictionEngine", engineWhole.Wall, "s") { Goal = Goal.RatioAtMost(1.02) }.Over(engineWhole, networkWhole, "the bare network"),
                new Figure("Transform of a JPEG file", 1 / streamWhole.Wall, "images/s") { Goal = Goal.RatioAtLeast(0.95) }.FasterThan(streamWhole, networkWhole, "the bare network"),
            ];
        }
        var few = BenchNetwork.Config(effort, BenchNetwork.FewBlocks);
        return [.. Beside(engine, stream, Network(few) * (NetworkOperations.Encoder(config) / NetworkOperations.Encoder(few)), $"the network, by the arithmetic of {few.EncoderDepth} blocks")];
    }

    private static IEnumerable<Figure> Beside(Timing engine, Timing stream, Timing network, string to) =>
    [
        new Figure("PredictionEngine's work beside the network", engine.Wall * 1e3, "ms") { Goal = Goal.RatioAtMost(0.02) }.Over(engine, network, to),
        // 0.95 of the network's throughput.
        new Figure("Transform's work beside the network, an image", stream.Wall * 1e3, "ms") { Goal = Goal.RatioAtMost(0.05) }.Over(stream, network, to),
    ];

    // What an image takes in each of the two ways, and in the bare network; or what it takes more than in the network.
    private static (Timing Engine, Timing Stream, Timing Network) Time(int rounds, SamConfig config, int images, bool difference)
    {
        using var folder = new TemporaryFolder();
        using var model = Transformer(config);
        using var picture = BenchScenes.Image(0).ToMLImage();
        var path = folder.File("scene.jpg");
        picture.Save(path);
        var context = new MLContext(seed: 1);
        using var engine = context.Model.CreatePredictionEngine<Input, Output>(model, new PredictionEngineOptions { OwnsTransformer = false });
        var input = new Input { Image = picture };
        var output = new Output();
        var rows = context.Data.LoadFromEnumerable(Enumerable.Repeat(new PathInput { Image = path }, images));
        using var image = randn(1, 3, config.ImageSize, config.ImageSize);
        var network = model.Model.Network;
        engine.Predict(input, ref output);
        Read(model.Transform(rows));
        var timings = Interleaved.TimeWarm(
            rounds,
            () =>
            {
                for (var i = 0; i < images; i++)
                    engine.Predict(input, ref output);
            },
            () => Read(model.Transform(rows)),
            () =>
            {
                using var noGradient = no_grad();
                for (var i = 0; i < images; i++)
                {
                    using var logits = network.forward(image);
                }
            });
        var alone = timings[2] / images;
        return difference ? (timings[0] / images - alone, timings[1] / images - alone, alone) : (timings[0] / images, timings[1] / images, alone);
    }

    private static Timing Network(SamConfig config)
    {
        using var model = BenchNetwork.Create(config);
        using var image = randn(1, 3, config.ImageSize, config.ImageSize);
        return Interleaved.Time(1, () =>
        {
            using var noGradient = no_grad();
            using var logits = model.forward(image);
        })[0];
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
