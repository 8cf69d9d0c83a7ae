using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Tests.Modeling;
using SamSegmentation.ML.Tests.Modeling.Adapters;
using SamSegmentation.ML.Tests.Modeling.Heads;
using SamSegmentation.ML.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Training;

/// <summary>What is frozen gets no gradient and no optimiser state, not only the same values: it costs no memory either.</summary>
// Alone: new adapters are drawn from the process's generator, which training seeds.
[Collection(LiveTensors.Alone)]
public sealed class FrozenPartsTests : IDisposable
{
    private const string IouHead = "mask_decoder.iou_prediction_head.";

    private static readonly Dictionary<string, Case> s_cases = new()
    {
        ["hypernetworks"] = new(TrainedParts.Hypernetworks, ["mask_decoder.output_hypernetworks_mlps."]),
        ["hypernetworks, whole batch in pieces"] = new(TrainedParts.Hypernetworks, ["mask_decoder.output_hypernetworks_mlps."]) { MicroBatch = 2 },
        ["decoder"] = new(TrainedParts.Decoder, ["mask_decoder."]),
        ["decoder, Adam"] = new(TrainedParts.Decoder, ["mask_decoder."]) { Optimizer = OptimizerKind.Adam },
        ["decoder of an adapted network"] = new(TrainedParts.Decoder, ["mask_decoder."]) { Present = AdaptedNetwork.Small },
        ["decoder with features"] = new(TrainedParts.Decoder, ["mask_decoder.", "feature_fusion."]) { Head = new() { FeatureBlocks = [0, 1] } },
        ["linear"] = new(TrainedParts.Decoder, ["semantic_head."]) { Head = new() { Kind = HeadKind.Linear } },
        ["ASPP with features"] = new(TrainedParts.Decoder, ["semantic_head.", "feature_fusion."]) { Head = new() { Kind = HeadKind.Aspp, FeatureBlocks = [1] } },
        ["LoRA"] = new(TrainedParts.DecoderAndAdapters, ["mask_decoder.", "adapters."]) { Adapters = new() { Kind = AdapterKind.Lora } },
        ["AdaptFormer in pieces"] = new(TrainedParts.DecoderAndAdapters, ["mask_decoder.", "adapters."]) { Adapters = new() { Kind = AdapterKind.AdaptFormer }, MicroBatch = 2 },
        ["both adapters from a later block on"] = new(TrainedParts.DecoderAndAdapters, ["mask_decoder.", "adapters."]) { Adapters = AdaptedNetwork.Small with { FirstBlock = 1 } },
        ["both adapters, pyramid pooling with features"] = new(TrainedParts.DecoderAndAdapters, ["semantic_head.", "feature_fusion.", "adapters."])
        {
            Adapters = AdaptedNetwork.Small,
            Head = new() { Kind = HeadKind.PyramidPooling, FeatureBlocks = [0, 1] },
        },
        ["everything"] = new(TrainedParts.Everything, ["image_encoder.", "mask_decoder."]),
        ["everything of an adapted network"] = new(TrainedParts.Everything, ["image_encoder.", "mask_decoder.", "adapters."]) { Present = AdaptedNetwork.Small },
        ["everything, linear"] = new(TrainedParts.Everything, ["image_encoder.", "semantic_head."]) { Head = new() { Kind = HeadKind.Linear } },
    };

    private readonly TestFolder _folder = new();

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Train_AnyParts_GivesGradientsAndOptimizerStateToThemAlone(string name)
    {
        var wanted = s_cases[name];
        using var model = wanted.Head is { } head ? HeadNetworks.Create(head) : TinyNetwork.Create();
        if (wanted.Present is { } present)
        {
            model.AddAdapters(present);
            AdaptedNetwork.Disturb(model);
        }
        foreach (var parameter in model.parameters())
            parameter.requires_grad = true;
        var options = TinyRun.Options with
        {
            Trained = wanted.Parts,
            Adapters = wanted.Adapters ?? new AdapterOptions(),
            Optimizer = wanted.Optimizer,
            MicroBatchSize = wanted.MicroBatch,
            RunFolder = Path.Combine(_folder.Root, "run"),
            SaveModel = false,
        };
        var (steps, states) = (0, 0);

        TinyRun.Train(model, options, progress: progress =>
        {
            if (progress.Loss is not null)
            {
                steps++;
                // Right after the step: the gradients that it came from are still there.
                foreach (var (parameter, value) in model.named_parameters())
                    Assert.True(wanted.IsTrained(parameter) == Slope.Read(value.grad) is not null, $"{parameter} has {(wanted.IsTrained(parameter) ? "no" : "a")} gradient.");
            }
            else if (progress.Completed is { Epoch: 1 })
            {
                states++;
                AssertStateOf([.. model.named_parameters().Where(pair => wanted.IsTrained(pair.name)).Select(pair => pair.parameter.numel())], options);
            }
        });

        Assert.Equal((4, 1), (steps, states));
        // The caller's network is as free as it was.
        Assert.All(model.parameters(), parameter => Assert.True(parameter.requires_grad));
    }

    // TorchSharp writes the optimiser's name, the number of its groups, and that of the parameters of which it remembers something.
    private static void AssertStateOf(long[] trained, TrainingOptions options)
    {
        using var reader = new BinaryReader(File.OpenRead(Directory.GetFiles(Path.Combine(options.RunFolder!, "state"), "*.optimizer").Order(StringComparer.Ordinal).Last()));
        Assert.Equal(options.Optimizer.ToString(), reader.ReadString());
        Assert.Equal((1, trained.Length), (reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64()));
        // Two moments of each value, and for each parameter less than a kilobyte of numbers about it.
        var moments = trained.Sum() * 2 * sizeof(float);
        Assert.InRange(reader.BaseStream.Length, moments, moments + 1000L * (trained.Length + 1));
    }

    /// <param name="Parts">What the options ask for.</param>
    /// <param name="Names">How the names of what must be trained begin.</param>
    private sealed record Case(TrainedParts Parts, string[] Names)
    {
        public AdapterOptions? Adapters { get; init; }

        public AdapterOptions? Present { get; init; }

        public HeadConfig? Head { get; init; }

        public OptimizerKind Optimizer { get; init; } = OptimizerKind.AdamW;

        public int? MicroBatch { get; init; }

        public bool IsTrained(string name) =>
            Names.Any(part => name.StartsWith(part, StringComparison.Ordinal)) && !name.StartsWith(IouHead, StringComparison.Ordinal);
    }
}
