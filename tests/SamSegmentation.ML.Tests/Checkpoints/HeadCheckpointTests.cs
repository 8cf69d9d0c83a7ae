using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Tests.Modeling.Heads;
using SamSegmentation.ML.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Checkpoints;

public sealed class HeadCheckpointTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public static TheoryData<HeadConfig> Heads => HeadNetworks.All;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Heads))]
    public void Load_WholeModel_GivesTheHeadAndEveryTensor(HeadConfig head)
    {
        using var saved = HeadNetworks.Create(head);
        SamCheckpoint.SaveModel(saved, _folder.PathOf("whole"), Info(head));

        using var model = SegmentationModel.Load(_folder.PathOf("whole"));

        Assert.Equal(head, model.Info.Head);
        Assert.Equal(head, model.Network.Head);
        Assert.Equal(MiniNetwork.Bytes(saved), MiniNetwork.Bytes(model.Network));
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Load_HeadAlone_TakesTheEncoderFromSamOrAModelWithAnyHead(HeadConfig head)
    {
        using var saved = HeadNetworks.Create(head);
        SamCheckpoint.SaveModel(saved, _folder.PathOf("head"), Info(head).WithoutEncoder(saved, WeightsHash.Compute(saved.image_encoder)));
        using var linear = HeadNetworks.Create(new HeadConfig { Kind = HeadKind.Linear }, classes: 5);
        SamCheckpoint.SaveModel(linear, _folder.PathOf("linear"), Info(linear.Head) with { ClassNames = ["a", "b", "c", "d", "e"] });

        using (var checkpoint = Checkpoint.Open(_folder.PathOf("head")))
            Assert.DoesNotContain(checkpoint.Entries.Keys, name => name.StartsWith("image_encoder.", StringComparison.Ordinal));
        foreach (var encoder in new[] { WriteSam(), _folder.PathOf("linear") })
        {
            using var model = SegmentationModel.Load(_folder.PathOf("head"), encoder);
            Assert.Equal(MiniNetwork.Bytes(saved), MiniNetwork.Bytes(model.Network));
        }
    }

    [Fact]
    public void Save_DefaultHead_SaysNothingOfIt()
    {
        using var saved = TinyNetwork.Create();
        SamCheckpoint.SaveModel(saved, _folder.PathOf("plain"), Info(HeadConfig.Default));
        using var checkpoint = Checkpoint.Open(_folder.PathOf("plain"));

        Assert.DoesNotContain("samsegmentation.head", checkpoint.Metadata.Keys);
        Assert.Equal(HeadConfig.Default, SamCheckpoint.ReadInfo(checkpoint)!.Head);
    }

    [Fact]
    public void Save_AnotherHeadThanTheNetworks_IsRefused()
    {
        using var saved = HeadNetworks.Create(new HeadConfig { Kind = HeadKind.Linear });

        var error = Assert.Throws<ArgumentException>(() => SamCheckpoint.SaveModel(saved, _folder.PathOf("x"), Info(HeadConfig.Default)));

        Assert.StartsWith("The info's head is MaskDecoder, but the model's is Linear.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AnotherHeadThanTheFiles_NamesBothAndLoadsNothing()
    {
        using var saved = HeadNetworks.Create(new HeadConfig { Kind = HeadKind.Aspp, Width = 12 });
        SamCheckpoint.SaveModel(saved, _folder.PathOf("aspp"), Info(saved.Head));
        using var checkpoint = Checkpoint.Open(_folder.PathOf("aspp"));
        using var model = new SemanticSam(TinyNetwork.Config, 3, new HeadConfig { Kind = HeadKind.Linear, FeatureBlocks = [0] });
        var before = MiniNetwork.Bytes(model);

        var error = Assert.Throws<CheckpointMismatchException>(() => SamCheckpoint.Load(model, checkpoint));

        Assert.Contains(
            "the file holds the weights of a semantic network of 3 classes with the head Aspp of width 12, the network is a semantic network of 3 classes with the head Linear with blocks 0.",
            error.Message, StringComparison.Ordinal);
        Assert.Equal(before, MiniNetwork.Bytes(model));
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void LoadStart_OfSam_TakesTheEncoderAndWhatTheHeadHasOfIt(HeadConfig head)
    {
        using var checkpoint = Checkpoint.Open(WriteSam());
        using var model = new SemanticSam(TinyNetwork.Config, 6, head);
        using var like = HeadNetworks.Create(head, classes: 6);

        var report = SamCheckpoint.LoadStart(model, checkpoint);

        Assert.Contains("image_encoder.pos_embed", report.Loaded);
        Assert.Equal(head.Kind == HeadKind.MaskDecoder, report.Loaded.Contains("mask_decoder.mask_tokens.weight"));
        Assert.Equal(head.FeatureBlocks.Count > 0, report.Initialised.Contains("feature_fusion.weight"));
        Assert.Equal(head.Kind != HeadKind.MaskDecoder, report.Unused.Contains("mask_decoder.mask_tokens.weight"));
        // The hash that made SAM's weights made these.
        var (actual, expected) = (MiniNetwork.Bytes(model), MiniNetwork.Bytes(like));
        Assert.All(report.Loaded, name => Assert.Equal(expected[name], actual[name]));
    }

    [Theory]
    [InlineData(HeadKind.MaskDecoder)]
    [InlineData(HeadKind.Linear)]
    [InlineData(HeadKind.Aspp)]
    [InlineData(HeadKind.PyramidPooling)]
    public void LoadStart_OfTheSameHeadWithOtherClasses_LeavesTheClassifierAlone(HeadKind kind)
    {
        var head = new HeadConfig { Kind = kind, FeatureBlocks = [1] };
        using var saved = HeadNetworks.Create(head, classes: 5);
        SamCheckpoint.SaveModel(saved, _folder.PathOf("five"), Info(head) with { ClassNames = ["a", "b", "c", "d", "e"] });
        using var checkpoint = Checkpoint.Open(_folder.PathOf("five"));
        using var model = new SemanticSam(TinyNetwork.Config, 3, head);

        var report = SamCheckpoint.LoadStart(model, checkpoint);

        var classifier = kind == HeadKind.MaskDecoder ? "mask_decoder.output_hypernetworks_mlps." : "semantic_head.classifier.";
        Assert.NotEmpty(report.Initialised);
        Assert.All(report.Initialised, name => Assert.StartsWith(classifier, name, StringComparison.Ordinal));
        Assert.Equal(5, SamCheckpoint.InferClasses(checkpoint));
    }

    [Fact]
    public void LoadStart_OfAnotherHead_TakesTheEncoderAlone()
    {
        using var saved = HeadNetworks.Create(new HeadConfig { Kind = HeadKind.Linear });
        SamCheckpoint.SaveModel(saved, _folder.PathOf("linear"), Info(saved.Head));
        using var checkpoint = Checkpoint.Open(_folder.PathOf("linear"));
        using var model = new SemanticSam(TinyNetwork.Config, 3, new HeadConfig { Kind = HeadKind.PyramidPooling });

        var report = SamCheckpoint.LoadStart(model, checkpoint);

        Assert.All(report.Loaded, name => Assert.StartsWith("image_encoder.", name, StringComparison.Ordinal));
        Assert.All(report.Initialised, name => Assert.StartsWith("semantic_head.", name, StringComparison.Ordinal));
        Assert.Equal(WeightsHash.Compute(saved.image_encoder), WeightsHash.Compute(model.image_encoder));
    }

    // A file may ask for any network; what is built must be what it holds.
    [Theory]
    [InlineData(HeadKind.Aspp, """{"Kind":"Aspp","FeatureBlocks":[],"Width":1000000}""", "classifier.weight': its shape is [3, 16, 1, 1] where the other weights ask for [3, 1000000, 1, 1]")]
    [InlineData(HeadKind.PyramidPooling, """{"Kind":"PyramidPooling","FeatureBlocks":[],"Width":17}""", "where the other weights ask for [3, 17, 1, 1]")]
    [InlineData(HeadKind.Linear, """{"Kind":"Linear","FeatureBlocks":[0],"Width":null}""", "feature_projection.directions is missing")]
    [InlineData(HeadKind.Linear, """{"Kind":"Linear","FeatureBlocks":[9],"Width":null}""", "FeatureBlocks holds 9; it must be in 0..1")]
    [InlineData(HeadKind.Linear, """{"Kind":"Linear","FeatureBlocks":[]}""", "Width is missing")]
    [InlineData(HeadKind.Linear, """{"Kind":"Linear","FeatureBlocks":null,"Width":null}""", "FeatureBlocks")]
    [InlineData(HeadKind.Linear, """{"Kind":1,"FeatureBlocks":[],"Width":null}""", "Kind")]
    [InlineData(HeadKind.Linear, """{"Kind":"Upper","FeatureBlocks":[],"Width":null}""", "Kind")]
    [InlineData(HeadKind.Linear, "null", "it is null")]
    public void Load_HeadThatTheWeightsContradict_IsADamagedFile(HeadKind kind, string stated, string expected)
    {
        using var saved = HeadNetworks.Create(new HeadConfig { Kind = kind });
        foreach (var info in new[] { Info(saved.Head), Info(saved.Head).WithoutEncoder(saved, WeightsHash.Compute(saved.image_encoder)) })
        {
            SamCheckpoint.SaveModel(saved, _folder.PathOf("sound"), info);
            using (var sound = Checkpoint.Open(_folder.PathOf("sound")))
            using (NewDisposeScope())
            {
                var metadata = new Dictionary<string, string>(sound.Metadata) { ["samsegmentation.head"] = stated };
                SafetensorsFile.Write(_folder.PathOf("crafted"), sound.Entries.Keys.Select(name => KeyValuePair.Create(name, sound.Read(name))), metadata);
            }

            var error = Assert.Throws<CheckpointFormatException>(() => SegmentationModel.Load(_folder.PathOf("crafted"), info.Parts is null ? null : WriteSam()));

            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }
    }

    private static SavedModelInfo Info(HeadConfig head) =>
        new() { Config = TinyNetwork.Config, Head = head, ClassNames = ["a", "b", "c"], Preprocessing = "Sam" };

    private string WriteSam()
    {
        using var sam = new Sam(TinyNetwork.Config);
        Tests.Golden.GoldenWeights.Fill(sam);
        SafetensorsFile.Write(_folder.PathOf("sam"), sam.state_dict().Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));
        return _folder.PathOf("sam");
    }
}
