using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Checkpoints;

/// <summary>The golden checkpoint files, loaded into networks.</summary>
public sealed class SamCheckpointGoldenTests
{
    [Theory]
    [InlineData("mini.sam.pth", SamCheckpointLayout.Sam, 4)]
    [InlineData("mini.sam.legacy.pth", SamCheckpointLayout.Sam, 4)]
    [InlineData("mini.sam.mixed16.pth", SamCheckpointLayout.Sam, 4)]
    [InlineData("mini.seed-model.pth", SamCheckpointLayout.Reference, 21)]
    public void Infer_GoldenFile_FindsItsNetwork(string file, SamCheckpointLayout layout, int hypernetworks)
    {
        using var checkpoint = Checkpoint.Open(GoldenFile.Path(file));

        Assert.Equal(layout, SamCheckpoint.FindLayout(checkpoint));
        Assert.Equal(hypernetworks, SamCheckpoint.InferClasses(checkpoint));
        // The decoder's heads leave no trace in shapes.
        Assert.Equal(MiniNetwork.Config with { DecoderHeads = 8 }, SamCheckpoint.InferConfig(checkpoint));
        Assert.Null(SamCheckpoint.ReadInfo(checkpoint));
    }

    [Theory]
    [InlineData("mini.sam.pth")]
    [InlineData("mini.sam.legacy.pth")]
    [InlineData("mini.sam.mixed16.pth")]
    [InlineData("mini.seed-model.pth")]
    public void LoadSam_GoldenFile_GivesTheHashMadeWeights(string file)
    {
        using var checkpoint = Checkpoint.Open(GoldenFile.Path(file));
        using var model = new Sam(MiniNetwork.Config);
        var prefix = file.Contains("seed", StringComparison.Ordinal) ? "ori_sam." : "";

        var report = SamCheckpoint.LoadSam(model, checkpoint);

        Assert.Equal(174, report.Loaded.Count);
        Assert.Empty(report.Initialised);
        MiniNetwork.AssertHashMade(model, report.Loaded, name => checkpoint.Entries[prefix + name].DType);
    }

    [Fact]
    public void Load_SamFile_StartsFourClassesFromSamAndKeepsTheOthers()
    {
        using var checkpoint = Checkpoint.Open(GoldenFile.Path("mini.sam.pth"));
        using var model = new SemanticSam(MiniNetwork.Config, MiniNetwork.Classes);
        var before = MiniNetwork.Bytes(model);

        var report = SamCheckpoint.Load(model, checkpoint);

        Assert.Equal(SamCheckpointLayout.Sam, report.Layout);
        Assert.Equal(174, report.Loaded.Count);
        Assert.Equal(17 * 6, report.Initialised.Count);
        Assert.Empty(report.Unused);
        MiniNetwork.AssertHashMade(model, report.Loaded, _ => ScalarType.Float32);
        var after = MiniNetwork.Bytes(model);
        Assert.All(report.Initialised, name =>
        {
            Assert.StartsWith("mask_decoder.output_hypernetworks_mlps.", name, StringComparison.Ordinal);
            Assert.Equal(before[name], after[name]);
        });
    }

    [Fact]
    public void Load_SamFileIntoTwoClasses_LeavesTwoHypernetworksUnused()
    {
        using var checkpoint = Checkpoint.Open(GoldenFile.Path("mini.sam.pth"));
        using var model = new SemanticSam(MiniNetwork.Config, 2);

        var report = SamCheckpoint.Load(model, checkpoint);

        Assert.Empty(report.Initialised);
        Assert.Equal(2 * 6, report.Unused.Count);
        MiniNetwork.AssertHashMade(model, model.state_dict().Keys, _ => ScalarType.Float32);
    }

    [Fact]
    public void Load_TheReferencesFile_GivesAllOfTheHashMadeWeights()
    {
        using var checkpoint = Checkpoint.Open(GoldenFile.Path("mini.seed-model.pth"));
        using var model = new SemanticSam(MiniNetwork.Config, MiniNetwork.Classes);

        var report = SamCheckpoint.Load(model, checkpoint);

        Assert.Equal(SamCheckpointLayout.Reference, report.Layout);
        Assert.Empty(report.Initialised);
        Assert.Equal(276, report.Loaded.Count);
        Assert.Equal(696 - 276, report.Unused.Count);
        MiniNetwork.AssertHashMade(model, model.state_dict().Keys, _ => ScalarType.Float32);
    }

    [Fact]
    public void Load_IntoSixteenBits_RoundsTheWeights()
    {
        using var checkpoint = Checkpoint.Open(GoldenFile.Path("mini.seed-model.pth"));
        using var model = new SemanticSam(MiniNetwork.Config, MiniNetwork.Classes);
        model.to(ScalarType.BFloat16);

        SamCheckpoint.Load(model, checkpoint);

        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.BFloat16, parameter.dtype));
        MiniNetwork.AssertHashMade(model, model.state_dict().Keys, _ => ScalarType.BFloat16);
    }

    [Fact]
    public void Load_TheReferencesFileIntoOtherClasses_SaysBothNumbersAndListsEveryName()
    {
        using var checkpoint = Checkpoint.Open(GoldenFile.Path("mini.seed-model.pth"));
        using var model = new SemanticSam(MiniNetwork.Config, 23);
        var before = MiniNetwork.Bytes(model);

        var error = Assert.Throws<CheckpointMismatchException>(() => SamCheckpoint.Load(model, checkpoint));

        Assert.Equal(checkpoint.Path, error.Path);
        Assert.Contains("21 classes", error.Message, StringComparison.Ordinal);
        Assert.Contains("23 classes", error.Message, StringComparison.Ordinal);
        Assert.Equal(2 * 6, error.Missing.Count);
        Assert.Contains("mask_decoder.output_hypernetworks_mlps.22.layers.0.weight", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, MiniNetwork.Bytes(model));
    }
}
