using Google.Protobuf;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Onnx;
using SamSegmentation.ML.Onnx.Graphs;
using SamSegmentation.ML.Onnx.Protos;
using SamSegmentation.ML.Tests.Modeling.Adapters;
using SamSegmentation.ML.Tests.Modeling.Heads;
using SamSegmentation.ML.Tests.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Onnx;

/// <summary>What a person finds who opens an exported file: its versions, and nodes and tensors that are called as the network's modules.</summary>
// Alone: adapters are drawn from the process's generator.
[Collection(LiveTensors.Alone)]
public sealed class OnnxNamesTests
{
    private const int GraphField = 7;

    // What a graph of one image computes beforehand, and what no image reaches.
    private static readonly string[] s_absent =
    [
        "image_encoder.blocks.*.attn.rel_pos_", "prompt_encoder.pe_layer.", "prompt_encoder.point_embeddings.", "prompt_encoder.not_a_point_embed.",
        "prompt_encoder.mask_downscaling.", "mask_decoder.iou_token.", "mask_decoder.mask_tokens.", "mask_decoder.iou_prediction_head.", "feature_projection.",
    ];

    public static MatrixTheoryData<OnnxForm, OnnxPrecision> Forms => new(Enum.GetValues<OnnxForm>(), Enum.GetValues<OnnxPrecision>());

    public static TheoryData<HeadConfig> Heads => [HeadConfig.Default, .. HeadNetworks.Heads];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Export_AnyForm_StatesOperatorSet17OfTheDefaultDomainAndItsOwnVersion(OnnxForm form, OnnxPrecision precision)
    {
        using var network = TinyNetwork.Create();

        var (model, graph) = Read(Exported.Bytes(network, new OnnxExportOptions { Form = form, Precision = precision }));

        var set = Assert.Single(model.OpsetImport);
        Assert.Equal(("", 17), (set.Domain, set.Version));
        Assert.Equal((8, "SamSegmentation.ML"), (model.IrVersion, model.ProducerName));
        Assert.Equal(form.ToString(), graph.Name);
        // Every node has a name of its own, and what it computes is called like it.
        Assert.All(graph.Node, node => Assert.Matches("^[A-Za-z0-9_.]+(/[A-Za-z0-9_.]+)*$", node.Name));
        Assert.Equal(graph.Node.Count, graph.Node.Select(node => node.Name).Distinct().Count());
        foreach (var node in graph.Node.Where(node => !node.Name.EndsWith("/Identity", StringComparison.Ordinal)))
            Assert.All(node.Output, (output, i) => Assert.Equal(node.Output.Count == 1 ? node.Name : $"{node.Name}:{i}", output));
    }

    [Fact]
    public void Export_Network_HasTheNamesOfItsModules()
    {
        using var network = TinyNetwork.Create();

        var names = Read(Exported.Bytes(network, new OnnxExportOptions { Form = OnnxForm.Network })).Graph.Node.Select(node => node.Name).ToHashSet();

        string[] expected =
        [
            "image_encoder/patch_embed/proj/Conv", "image_encoder/blocks.0/norm1/LayerNormalization", "image_encoder/blocks.0/attn/qkv/Gemm", "image_encoder/blocks.0/attn/Softmax",
            "image_encoder/blocks.1/attn/head.0/Softmax", "image_encoder/blocks.1/attn/proj/Gemm", "image_encoder/blocks.1/mlp/lin1/Gemm", "image_encoder/blocks.1/mlp/lin2/Gemm",
            "image_encoder/neck/0/Gemm", "image_encoder/neck/2/Conv", "mask_decoder/transformer/layers.0/self_attn/q_proj/Gemm",
            "mask_decoder/transformer/layers.1/cross_attn_image_to_token/out_proj/Gemm", "mask_decoder/transformer/final_attn_token_to_image/Softmax",
            "mask_decoder/output_upscaling/3/ConvTranspose", "mask_decoder/output_hypernetworks_mlps.2/layers.2/Gemm", "Logits/Identity",
        ];
        Assert.Empty(expected.Except(names));
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Export_AnyHead_HoldsTheCheckpointsTensorsAndReadsEachInItsModule(HeadConfig head)
    {
        using var network = HeadNetworks.Create(head);
        AssertTensors(network, network.state_dict().Keys);
    }

    [Fact]
    public void Export_Adapters_MergesLoraAndNamesTheBottlenecks()
    {
        using var network = AdaptedNetwork.Create(AdaptedNetwork.Small);
        AssertTensors(network, network.state_dict().Keys.Where(name => !name.Contains(".lora_", StringComparison.Ordinal)));
    }

    private static void AssertTensors(SemanticSam network, IEnumerable<string> names)
    {
        var graph = Build(network);
        var held = graph.Initializers.Select(initializer => initializer.Value.Name).ToHashSet();
        string[] expected = [.. names.Where(name => !s_absent.Any(part => IsOf(name, part)))];
        Assert.NotEmpty(expected);
        Assert.Equal([], expected.Except(held));
        foreach (var name in expected)
        {
            var readers = graph.Message.Node.Where(node => node.Input.Contains(name)).Select(node => node.Name.Replace('/', '.')).ToArray();
            Assert.NotEmpty(readers);
            // The embedding of "no mask" is one row, which its module's owner adds.
            var module = name == "prompt_encoder.no_mask_embed.weight" ? "prompt_encoder" : name[..name.LastIndexOf('.')];
            Assert.All(readers, reader => Assert.StartsWith($"{module}.", reader, StringComparison.Ordinal));
        }
    }

    private static bool IsOf(string name, string part) =>
        part.Split('*') is [var start, var end]
            ? name.StartsWith(start, StringComparison.Ordinal) && name.Contains(end, StringComparison.Ordinal)
            : name.StartsWith(part, StringComparison.Ordinal);

    private static Graph Build(SemanticSam network) =>
        ML.Onnx.Networks.NetworkGraph.Build(network, ML.Imaging.Preprocessing.Sam, new OnnxExportOptions { Form = OnnxForm.Network });

    // The graph is no field of our message of a file, since it is written apart.
    private static (ModelProto Model, GraphProto Graph) Read(byte[] file)
    {
        var input = new CodedInputStream(file);
        while (input.ReadTag() is var tag && WireFormat.GetTagFieldNumber(tag) != GraphField)
            input.SkipLastField();
        return (ModelProto.Parser.ParseFrom(file), GraphProto.Parser.ParseFrom(input.ReadBytes()));
    }
}
