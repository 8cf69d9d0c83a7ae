using SamSegmentation.Demo;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Onnx;
using SamSegmentation.ML.Tests.Golden;
using SamSegmentation.ML.Tests.Modeling.Adapters;
using SamSegmentation.ML.Tests.Modeling.Heads;
using SamSegmentation.ML.Tests.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Onnx;

/// <summary>ONNX Runtime computes of an exported network what the network computes: encoder, head and both.</summary>
public class ExportedNetworkTests
{
    public static MatrixTheoryData<HeadConfig, OnnxPrecision> Heads => new([HeadConfig.Default, .. HeadNetworks.Heads], Enum.GetValues<OnnxPrecision>());

    public static TheoryData<AdapterOptions> Adapters => new(
        AdaptedNetwork.Small,
        new AdapterOptions { Kind = AdapterKind.Lora, LoraRank = 2, LoraAlpha = 3 },
        new AdapterOptions { Kind = AdapterKind.AdaptFormer, BottleneckWidth = 5, BottleneckScale = 0.5, FirstBlock = 1 });

    // A window that divides the grid, one that does not, one that is larger; blocks global or not; tokens of one head.
    public static TheoryData<SamConfig> Configs => new(
        TinyNetwork.Config with { WindowSize = 3, EncoderHeads = 1 },
        TinyNetwork.Config with { WindowSize = 11, GlobalAttentionBlocks = [] },
        TinyNetwork.Config with { ImageSize = 35, PatchSize = 7, GlobalAttentionBlocks = [0, 1], DecoderDepth = 3 });

    [Theory]
    [MemberData(nameof(Heads))]
    public void Run_EveryHead_ComputesWhatTheNetworkDoes(HeadConfig head, OnnxPrecision precision)
    {
        using var network = HeadNetworks.Create(head);
        Disturb(network);
        IsTheSame(network, precision);
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Run_Adapters_ComputesWhatTheNetworkDoesAndLeavesThem(AdapterOptions adapters)
    {
        using var network = AdaptedNetwork.Create(adapters);
        var names = network.state_dict().Keys.ToList();
        IsTheSame(network, OnnxPrecision.Float32);
        Assert.Equal(names, network.state_dict().Keys);
        Assert.Equal(adapters.Kind, network.Adapters!.Kind);
    }

    [Theory]
    [InlineData(HeadKind.MaskDecoder)]
    [InlineData(HeadKind.Aspp)]
    public void Run_AdaptersUnderAHeadWithFeatures_ComputesWhatTheNetworkDoes(HeadKind kind)
    {
        using var network = HeadNetworks.Create(new HeadConfig { Kind = kind, FeatureBlocks = [0, 1] });
        network.AddAdapters(AdaptedNetwork.Small);
        AdaptedNetwork.Disturb(network);
        Disturb(network);
        IsTheSame(network, OnnxPrecision.Float32);
    }

    [Theory]
    [MemberData(nameof(Configs))]
    public void Run_OtherDimensions_ComputesWhatTheNetworkDoes(SamConfig config)
    {
        using var network = new SemanticSam(config, 2);
        GoldenWeights.Fill(network);
        IsTheSame(network, OnnxPrecision.Float32);
    }

    [Theory]
    [InlineData(OnnxPrecision.Float32)]
    [InlineData(OnnxPrecision.Float16)]
    public void Run_TheDemosNetwork_ComputesWhatTheNetworkDoes(OnnxPrecision precision)
    {
        using var network = new SemanticSam(SmallSam.Config, 6);
        using (var weights = Checkpoint.Open(SmallSam.Checkpoint))
            SamCheckpoint.LoadStart(network, weights);
        IsTheSame(network, precision);
    }

    [Fact]
    public void Run_NetworkOfHalfPrecision_ComputesWhatItsWeightsSay()
    {
        using var network = TinyNetwork.Create();
        network.to(ScalarType.BFloat16);
        var file = Exported.Bytes(network, new OnnxExportOptions { Form = OnnxForm.Network });
        network.to(ScalarType.Float32);
        IsTheSame(network, OnnxPrecision.Float32, file);
    }

    private static void IsTheSame(SemanticSam network, OnnxPrecision precision, byte[]? file = null)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var size = network.Config.ImageSize;
        var image = randn(1, 3, size, size);
        var embedding = network.encode(image);
        var logits = network.decode(embedding);
        var tolerance = Exported.Tolerance(precision);
        using (var whole = new OnnxSession(file ?? Exported.Bytes(network, new OnnxExportOptions { Form = OnnxForm.Network, Precision = precision })))
            Exported.AreClose(logits, whole.Run<float>(Exported.Values(image), OnnxNames.Logits), tolerance, "logits of the network");
        using (var encoder = new OnnxSession(Exported.Bytes(network, new OnnxExportOptions { Form = OnnxForm.Encoder, Precision = precision })))
            Exported.AreClose(embedding, encoder.Run<float>(Exported.Values(image), OnnxNames.Embedding), tolerance, "embedding");
        using (var head = new OnnxSession(Exported.Bytes(network, new OnnxExportOptions { Form = OnnxForm.Head, Precision = precision })))
            Exported.AreClose(logits, head.Run<float>(Exported.Values(embedding), OnnxNames.Logits), tolerance, "logits of the head");
    }

    // The fusion of features starts as nothing.
    private static void Disturb(SemanticSam network)
    {
        if (network.feature_fusion is not { } fusion)
            return;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var weight in fusion.parameters())
            weight.copy_(randn(weight.shape) * 0.1);
    }
}
