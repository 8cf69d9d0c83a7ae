using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Tests.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Checkpoints;

public sealed class SavedPreprocessingTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Sam", Preprocessing.Sam)]
    [InlineData("Stretch", Preprocessing.Stretch)]
    public void Load_KnownPreprocessing_IsGiven(string name, Preprocessing expected)
    {
        using var model = SegmentationModel.Load(Saved(name));

        Assert.Equal(expected, model.Preprocessing);
    }

    [Theory]
    [InlineData("Squash")]
    [InlineData("sam")]
    [InlineData("1")]
    public void Load_UnknownPreprocessing_SaysWhatIsExpected(string name)
    {
        var error = Assert.Throws<CheckpointFormatException>(() => SegmentationModel.Load(Saved(name)));

        Assert.Contains($"'{name}'; expected Sam or Stretch", error.Reason);
    }

    private string Saved(string preprocessing)
    {
        string path = _folder.PathOf("model.safetensors");
        using var network = TinyNetwork.Create();
        SamCheckpoint.SaveModel(network, path, new SavedModelInfo { Config = TinyNetwork.Config, ClassNames = ["a", "b", "c"], Preprocessing = preprocessing });
        return path;
    }
}
