using System.Globalization;
using System.Text.Json;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Tests.Checkpoints;
using SamSegmentation.ML.Tests.Golden;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Losses;
using SamSegmentation.ML.Training.Optimization;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training;

/// <summary>The reference's training, step by step, by the trainer's own steps.</summary>
public sealed class GoldenTrajectoryTests
{
    private const int VoidId = 255;

    private static readonly Dictionary<string, TrainingOptions> s_protocols = new()
    {
        ["hypernetworks_sgd"] = TrainingOptions.Reference,
        ["decoder_adamw"] = new TrainingOptions { LearningRate = 1e-3, WeightDecay = 1e-2 },
    };

    public static IEnumerable<TheoryDataRow<string, string>> Cases() =>
        from path in GoldenTrajectories.Files()
        from protocol in s_protocols.Keys
        select new TheoryDataRow<string, string>(path, protocol);

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Take_GoldenCase_FollowsTheReferencesLosses(string path, string protocol)
    {
        using var scope = NewDisposeScope();
        using var golden = Checkpoint.Open(path);
        var expected = golden.Read($"train.{protocol}.loss").data<float>().ToArray();
        using var model = GoldenTrajectories.Network(golden);
        var options = s_protocols[protocol];
        using var network = new TrainedNetwork(model, options.Trained);
        using var optimizer = new StepOptimizer(ParameterGroup.Divide(network.Parameters, options), options);
        var step = new TrainingStep(model.decode, new CrossEntropyLoss(options.LossWeight, VoidId), optimizer, CPU);
        var batch = new TrainingBatch(golden.Read("embedding.seed"), Targets(golden, model.Config.ImageSize));

        for (var i = 0; i < expected.Length; i++)
        {
            var loss = step.Take(batch, factor: 1);

            Assert.True(Math.Abs(loss - expected[i]) <= 1e-4 * expected[i], string.Create(CultureInfo.InvariantCulture, $"Step {i}: {loss}, the reference has {expected[i]}."));
        }

        const string Name = "mask_decoder.output_hypernetworks_mlps.3.layers.2.weight";
        var weight = network.Parameters.Single(pair => pair.Name == Name).Parameter.detach();
        var last = golden.Read($"train.{protocol}.final.mlp3.layers.2.weight");
        Assert.InRange(((weight - last).norm() / last.norm()).ToDouble(), 0, 1e-4);
    }

    private static TrainingTarget[] Targets(Checkpoint golden, int size)
    {
        using var labels = golden.Read("label");
        var ids = Array.ConvertAll(labels.bytes.ToArray(), id => (ushort)id);
        return [.. ids.Chunk(size * size).Select(own => TrainingTarget.Of(new LabelMap(size, size, own), ImageGeometry.Of(size, size, size, Preprocessing.Stretch), VoidId))];
    }
}

/// <summary>The golden cases that hold a training trajectory.</summary>
internal static class GoldenTrajectories
{
    public static IEnumerable<string> Files()
    {
        var folder = Path.GetDirectoryName(GoldenFile.Path("mini.safetensors"))!;
        foreach (var path in Directory.GetFiles(folder, "*.safetensors").Order(StringComparer.Ordinal))
        {
            using var file = Checkpoint.Open(path);
            if (file.Entries.ContainsKey("train.decoder_adamw.loss"))
                yield return path;
        }
    }

    public static SemanticSam Network(Checkpoint golden)
    {
        var model = new SemanticSam(
            new SamConfig
            {
                ImageSize = Integer("img"),
                PatchSize = Integer("patch"),
                EncoderDim = Integer("dim"),
                EncoderDepth = Integer("depth"),
                EncoderHeads = Integer("heads"),
                WindowSize = Integer("window"),
                GlobalAttentionBlocks = JsonSerializer.Deserialize<int[]>(golden.Metadata["glob"])!,
                EmbeddingChannels = Integer("chans"),
                DecoderHeads = Integer("dec_heads"),
                DecoderMlpDim = Integer("mlp"),
            },
            Integer("classes"));
        using var noGradient = no_grad();
        foreach (var (name, value) in model.state_dict())
        {
            using var made = tensor(GoldenWeights.Values(name, value.shape), value.shape);
            value.copy_(made);
        }
        return model;

        int Integer(string key) => int.Parse(golden.Metadata[key], CultureInfo.InvariantCulture);
    }
}
