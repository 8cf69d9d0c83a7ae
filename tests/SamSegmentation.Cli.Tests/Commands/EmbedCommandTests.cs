using SamSegmentation.ML.Checkpoints;
using Xunit;

namespace SamSegmentation.Cli.Tests.Commands;

public sealed class EmbedCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _voc;
    private readonly string _sam;
    private readonly string _classes;

    public EmbedCommandTests()
    {
        _voc = TinyScenes.Voc(_folder);
        _sam = TinyNetwork.WriteSam(_folder, "sam.safetensors");
        _classes = _folder.Write("classes.txt", TinyScenes.ClassNames);
    }

    private string Cache => _folder.PathOf("cache");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Embed_Twice_ComputesOnceAndFindsThemThere()
    {
        var first = await Embed();
        var second = await Embed();

        Assert.Equal((0, ""), (first.Code, first.Error));
        Assert.Contains("training    4 image(s): 0 were there, 4 computed, 0 of them", first.Output, StringComparison.Ordinal);
        Assert.Contains("validation  2 image(s): 0 were there, 2 computed, 0 of them", first.Output, StringComparison.Ordinal);
        Assert.Contains("training    4 image(s): 4 were there, 0 computed", second.Output, StringComparison.Ordinal);
        Assert.Equal(6, Entries().Length);
    }

    [Fact]
    public async Task Embed_Views_AreWhatTrainingLooksForWithAnySeed()
    {
        string[] views = ["--flip-probability", "0.5", "--scale-jitter", "--hue", "0.1", "--views", "3"];

        var embedded = await Embed(views);
        var trained = await SamSeg.RunAsync([
            "train", "--data", _voc, "--classes", _classes, "--checkpoint", _sam, "--cache-folder", Cache, "--epochs", "1",
            "--seed", "9", "--run-folder", _folder.PathOf("run"), .. views]);

        Assert.Equal((0, ""), (embedded.Code, embedded.Error));
        Assert.Contains("training    4 image(s) in 3 views: 0 were there, 12 computed", embedded.Output, StringComparison.Ordinal);
        Assert.Contains("validation  2 image(s): 0 were there, 2 computed", embedded.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (trained.Code, trained.Error));
        Assert.Contains("cached      embeddings of the frozen encoder, of 3 views of each image", trained.Output, StringComparison.Ordinal);
        var log = File.ReadLines(_folder.PathOf("run/log.jsonl")).First();
        Assert.Contains("\"training\":{\"images\":4,\"views\":3,\"computed\":0,", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_VariedWithoutViews_SaysThatImagesAreEmbeddedAsTheyAre()
    {
        await Embed();

        var run = await Embed("--hue", "0.1");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("views       1: images are embedded as they are", run.Output, StringComparison.Ordinal);
        Assert.Contains("training    4 image(s): 4 were there, 0 computed", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_ViewsThatNothingMakesDiffer_IsBadUsage()
    {
        var run = await Embed("--views", "2");

        Assert.Equal(2, run.Code);
        Assert.Contains("training.augmentation.views: is 2, but nothing makes views differ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_DamagedEntry_IsNamedAndComputedAgain()
    {
        await Embed();
        var entry = Entries()[0];
        File.WriteAllBytes(entry, File.ReadAllBytes(entry)[..^1]);

        var run = await Embed();

        Assert.Equal(0, run.Code);
        Assert.Contains($"{entry} was damaged and is computed again", run.Error, StringComparison.Ordinal);
        Assert.Contains("1 computed, 1 of them because they were damaged", run.Output, StringComparison.Ordinal);
        using var mended = Checkpoint.Open(entry);
    }

    [Theory]
    [InlineData("--preprocessing", "stretch")]
    [InlineData("--embedding-dtype", "float32")]
    [InlineData("--reuse-cache", "false")]
    public async Task Embed_AnotherRecipe_ComputesAgain(params string[] args)
    {
        await Embed();

        var run = await Embed(args);

        Assert.Contains("training    4 image(s): 0 were there, 4 computed", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_AnotherEncoder_ComputesAgain()
    {
        await Embed();
        TinyNetwork.WriteSam(_folder, "sam.safetensors", seed: 8);

        Assert.Contains("0 were there, 4 computed", (await Embed()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_NoCacheFolder_IsBadUsage()
    {
        var run = await SamSeg.RunAsync("embed", "--checkpoint", _sam, "--data", _voc);

        Assert.Equal(2, run.Code);
        Assert.Contains("no cache: expected --cache-folder DIR", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.variant: expected what '*' holds, custom (32 px, patch 8, 2 blocks of width 16, embedding 16), found vit_b", "--variant", "vit_b")]
    [InlineData("model.network: expected the dimensions of '*'", "--encoder-depth", "3")]
    [InlineData("model.encoder_checkpoint: expected none, because '*' holds an encoder itself", "--encoder-checkpoint", "x")]
    [InlineData("run.device: expected auto, cpu, cuda or cuda:N, found 'gpu'", "--device", "gpu")]
    public async Task Embed_SettingsThatContradictTheCheckpoint_AreBadUsage(string expected, params string[] args)
    {
        var run = await Embed(args);

        Assert.Equal(2, run.Code);
        Assert.Contains(expected.Replace("*", _sam, StringComparison.Ordinal), run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_JpegAsCheckpoint_SaysThatItIsNone()
    {
        var run = await SamSeg.RunAsync("embed", "--checkpoint", Path.Combine(_voc, "JPEGImages/t0.jpg"), "--data", _voc, "--cache-folder", Cache);

        Assert.Equal(1, run.Code);
        Assert.Contains("is not how a safetensors or PyTorch file begins", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_CacheFolderThatIsAFile_NamesIt()
    {
        var run = await SamSeg.RunAsync("embed", "--checkpoint", _sam, "--data", _voc, "--classes", _classes, "--cache-folder", _classes);

        Assert.Equal(1, run.Code);
        Assert.Contains(_classes, run.Error, StringComparison.Ordinal);
    }

    private Task<SamSeg> Embed(params string[] args) => SamSeg.RunAsync(
        ["embed", "--checkpoint", _sam, "--decoder-heads", "2", "--data", _voc, "--classes", _classes, "--cache-folder", Cache, .. args]);

    private string[] Entries() => [.. Directory.EnumerateFiles(Cache, "*.safetensors", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
