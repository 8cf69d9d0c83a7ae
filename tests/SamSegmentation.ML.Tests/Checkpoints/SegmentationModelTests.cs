using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Modeling;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Checkpoints;

public sealed class SegmentationModelTests : IDisposable
{
    private static readonly string[] s_parts = ["mask_decoder.", "prompt_encoder."];

    private readonly TestFolder _folder = new();
    private readonly SemanticSam _saved = new(MiniNetwork.Config, 3);

    private SavedModelInfo Info => new() { Config = MiniNetwork.Config, ClassNames = ["a", "b", "c"], Preprocessing = "Stretch" };

    private SavedModelInfo PartInfo => Info with { Parts = s_parts, EncoderHash = WeightsHash.Compute(_saved.image_encoder) };

    public void Dispose()
    {
        _saved.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Load_WholeModel_GivesNetworkAndDescription()
    {
        using var model = SegmentationModel.Load(Save("whole", _saved, Info));

        Assert.Equal(MiniNetwork.Bytes(_saved), MiniNetwork.Bytes(model.Network));
        Assert.Equal(Info.ClassNames, model.Info.ClassNames);
        Assert.Equal("Stretch", model.Info.Preprocessing);
        Assert.False(model.Network.training);
    }

    [Fact]
    public void Load_WholeModelWithAnEncoder_IsRefused()
    {
        var path = Save("whole", _saved, Info);

        Assert.Throws<ArgumentException>(() => SegmentationModel.Load(path, path));
    }

    [Fact]
    public void Load_Decoder_TakesTheEncoderFromAnyFileThatHasIt()
    {
        var part = Save("part", _saved, PartInfo);
        // Another decoder of another number of classes, and the same encoder.
        using var other = new SemanticSam(MiniNetwork.Config, 5);
        using (no_grad())
        {
            var theirs = other.state_dict();
            foreach (var (name, weight) in _saved.image_encoder.state_dict())
                theirs[$"image_encoder.{name}"].copy_(weight);
        }

        using var model = SegmentationModel.Load(part, Save("other", other, Info with { ClassNames = ["p", "q", "r", "s", "t"] }));

        Assert.Equal(MiniNetwork.Bytes(_saved), MiniNetwork.Bytes(model.Network));
    }

    [Fact]
    public void Load_DecoderWithoutEncoder_AsksForItByHash()
    {
        var error = Assert.Throws<CheckpointMismatchException>(() => SegmentationModel.Load(Save("part", _saved, PartInfo)));

        Assert.Contains(PartInfo.EncoderHash!, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DecoderWithAnotherEncoder_NamesBothHashes()
    {
        using var other = new SemanticSam(MiniNetwork.Config, 3);

        var error = Assert.Throws<CheckpointMismatchException>(() => SegmentationModel.Load(Save("part", _saved, PartInfo), Save("other", other, Info)));

        Assert.Contains(PartInfo.EncoderHash!, error.Message, StringComparison.Ordinal);
        Assert.Contains(WeightsHash.Compute(other.image_encoder), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DecoderThatStatesAHugeEncoder_IsRefusedBeforeItIsMade()
    {
        var path = _folder.PathOf("crafted");
        var huge = PartInfo with { Config = MiniNetwork.Config with { EncoderDepth = 1 << 20, GlobalAttentionBlocks = [] } };
        SafetensorsFile.Write(path, _saved.state_dict().Where(pair => huge.Holds(pair.Key)), SavedModelMetadata.Write(huge));

        Assert.Throws<CheckpointFormatException>(() => SegmentationModel.Load(path, Save("whole", _saved, Info)));
    }

    [Fact]
    public void Load_OtherNumberOfClassesThanNames_IsRefused()
    {
        var path = _folder.PathOf("crafted");
        SafetensorsFile.Write(path, _saved.state_dict(), SavedModelMetadata.Write(Info with { ClassNames = ["a", "b"] }));

        var error = Assert.Throws<CheckpointFormatException>(() => SegmentationModel.Load(path));

        Assert.Contains("2 classes", error.Reason, StringComparison.Ordinal);
        Assert.Contains("3 hypernetworks", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TheReferencesFile_HasVocsClassesAndStretch()
    {
        using var model = SegmentationModel.Load(GoldenFile.Path("mini.seed-model.pth"));

        Assert.Equal(ClassList.Voc.Names, model.Info.ClassNames);
        Assert.Equal("Stretch", model.Info.Preprocessing);
        MiniNetwork.AssertHashMade(model.Network, model.Network.state_dict().Keys, _ => ScalarType.Float32);
    }

    [Fact]
    public void Load_MetasFile_SaysThatItKnowsNoClasses()
    {
        var error = Assert.Throws<CheckpointMismatchException>(() => SegmentationModel.Load(GoldenFile.Path("mini.sam.pth")));

        Assert.Contains("no classes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WeightsWithoutDescription_SaysWhatIsMissing()
    {
        var path = _folder.PathOf("bare");
        SafetensorsFile.Write(path, _saved.state_dict());

        Assert.Contains("classes", Assert.Throws<CheckpointFormatException>(() => SegmentationModel.Load(path)).Reason, StringComparison.Ordinal);
    }

    private string Save(string name, SemanticSam model, SavedModelInfo info)
    {
        SamCheckpoint.SaveModel(model, _folder.PathOf(name), info);
        return _folder.PathOf(name);
    }
}
