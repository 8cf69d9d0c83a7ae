using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Checkpoints;

[Collection(LiveTensors.Alone)]
public sealed class LiveTensorTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_EachTensorOfAFile_LeavesOneTensorEach()
    {
        using var checkpoint = Checkpoint.Open(GoldenFile.Path("mini.sam.legacy.pth"));
        var before = LiveTensors.Count();

        var read = checkpoint.Entries.Keys.Select(checkpoint.Read).ToArray();

        Assert.Equal(before + read.Length, Tensor.TotalCount);
        Array.ForEach(read, tensor => tensor.Dispose());
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void LoadSaveAndHash_ANetwork_LeaveNoTensorAlive()
    {
        using var checkpoint = Checkpoint.Open(GoldenFile.Path("mini.sam.mixed16.pth"));
        using var model = new SemanticSam(MiniNetwork.Config, 3);
        var info = new SavedModelInfo { Config = model.Config, ClassNames = ["a", "b", "c"], Preprocessing = "Sam" };
        var before = LiveTensors.Count();

        SamCheckpoint.Load(model, checkpoint);
        SamCheckpoint.SaveModel(model, _folder.PathOf("m"), info);
        WeightsHash.Compute(model);

        Assert.Equal(before, Tensor.TotalCount);
    }
}
