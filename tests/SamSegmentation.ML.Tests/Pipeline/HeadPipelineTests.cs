using Microsoft.Extensions.Options;
using Microsoft.ML;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Tests.Checkpoints;
using SamSegmentation.ML.Tests.Modeling.Heads;
using SamSegmentation.ML.Tests.Training;
using SamSegmentation.ML.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Pipeline;

/// <summary>Every head in ML.NET: trained, saved, loaded, and gone on with.</summary>
[Collection(LiveTensors.Alone)]
public sealed class HeadPipelineTests : IDisposable
{
    private readonly SceneFolder _scenes = new(training: 3, validation: 0);
    private readonly MLContext _context = new(seed: 1);

    private string Zip => _scenes.PathOf("model.zip");

    public static TheoryData<HeadConfig> Heads => HeadNetworks.All;

    public void Dispose() => _scenes.Dispose();

    [Theory]
    [MemberData(nameof(Heads))]
    public void Fit_AnyHead_IsInTheModelFileWithAndWithoutEncoder(HeadConfig head)
    {
        var data = _scenes.Load(_context);
        foreach (var saveEncoder in new[] { true, false })
        {
            using var model = _context.Segmentation().Trainers.Sam(Options with { Head = head, SaveEncoder = saveEncoder }).Fit(data);
            _context.Model.Save(model, data.Schema, Zip);

            using var loaded = (SamSemanticSegmentationTransformer)new MLContext().Model.Load(Zip, out _);

            Assert.Equal(head, model.Head);
            Assert.Equal(head, loaded.Head);
            Assert.Equal(MiniNetwork.Bytes(model.Model.Network), MiniNetwork.Bytes(loaded.Model.Network));
            Assert.Equal(Rows.Vectors<byte>(model.Transform(data), "PredictedLabel"), Rows.Vectors<byte>(loaded.Transform(data), "PredictedLabel"));
        }
    }

    [Fact]
    public void Fit_NoHeadNamed_TakesTheCheckpoints()
    {
        var head = new HeadConfig { Kind = HeadKind.Aspp, Width = 8, FeatureBlocks = [0] };

        var log = new List<string>();
        _context.Log += (_, e) => log.Add(e.Message);

        using var model = _context.Segmentation().Trainers.Sam(Options with { Checkpoint = SaveNetwork(head), LearningRate = 1e-30, WeightDecay = 0 }).Fit(_scenes.Load(_context));

        Assert.Equal(head, model.Head);
        Assert.Contains(log, text => text.Contains("with the head Aspp of width 8 with blocks 0 on", StringComparison.Ordinal));
        using var start = HeadNetworks.Create(head);
        Assert.Equal(MiniNetwork.Bytes(start)["semantic_head.classifier.weight"], MiniNetwork.Bytes(model.Model.Network)["semantic_head.classifier.weight"]);
    }

    [Fact]
    public void Fit_HypernetworksFromACheckpointWithAnotherHead_IsRefused()
    {
        var checkpoint = SaveNetwork(new HeadConfig { Kind = HeadKind.Linear });

        var error = Assert.Throws<InvalidTrainingOptionsException>(() =>
            _context.Segmentation().Trainers.Sam(Options with { Checkpoint = checkpoint, Trained = TrainedParts.Hypernetworks }).Fit(_scenes.Load(_context)));

        Assert.Contains("that needs the head MaskDecoder, the network's is Linear.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sam_HeadThatCannotBe_ListsItsFaults()
    {
        var options = new SamTrainerOptions
        {
            Config = TinyNetwork.Config,
            Head = new HeadConfig { Kind = HeadKind.Linear, Width = 3, FeatureBlocks = [2] },
            Trained = TrainedParts.Hypernetworks,
        };

        var failures = Assert.Throws<OptionsValidationException>(() => _context.Segmentation().Trainers.Sam(options)).Failures.ToList();

        Assert.Equal(3, failures.Count);
        Assert.Contains(failures, text => text.Contains("Head: Width is 3; Linear has no width of its own.", StringComparison.Ordinal));
        Assert.Contains(failures, text => text.Contains("Head: FeatureBlocks holds 2; it must be in 0..1", StringComparison.Ordinal));
        Assert.Contains(failures, text => text.Contains("Trained: is Hypernetworks; that needs the head MaskDecoder", StringComparison.Ordinal));
    }

    private SamTrainerOptions Options => QuickTraining.Options with
    {
        Config = null,
        Checkpoint = SaveNetwork(HeadConfig.Default),
        Epochs = 1,
        BatchSize = 2,
    };

    private string SaveNetwork(HeadConfig head)
    {
        var path = _scenes.PathOf($"{head.Kind}.safetensors");
        using var network = HeadNetworks.Create(head);
        SamCheckpoint.SaveModel(network, path, new SavedModelInfo { Config = TinyNetwork.Config, Head = head, ClassNames = SceneFolder.Classes.Names, Preprocessing = nameof(Preprocessing.Sam) });
        return path;
    }
}
