using System.Text.Json;
using Xunit;

namespace SamSegmentation.Cli.Tests.Commands;

/// <summary>samseg with each head: trained, evaluated from both kinds of files, inspected, gone on with.</summary>
public sealed class TrainHeadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _voc;
    private readonly string _classes;
    private readonly string _config;
    private readonly string _sam;

    public TrainHeadTests()
    {
        _voc = TinyScenes.Voc(_folder);
        _classes = _folder.Write("classes.txt", TinyScenes.ClassNames);
        _config = _folder.Write("train.yaml", TinyNetwork.Yaml + """
            training:
              epochs: 2
              batch_size: 3
              optimizer: { learning_rate: 0.003 }
              schedule: { warmup_steps: 0 }
            embeddings: { dtype: float32 }

            """);
        _sam = TinyNetwork.WriteSam(_folder, "sam.safetensors");
    }

    private string Run => _folder.PathOf("run");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mask_decoder with features of blocks 0, 1", "mask_decoder", "--feature-blocks", "0,1")]
    [InlineData("linear", "semantic_head", "--head", "linear")]
    [InlineData("linear with features of blocks 1", "semantic_head", "--head", "linear", "--feature-blocks", "1")]
    [InlineData("aspp of width 12", "semantic_head", "--head", "aspp", "--head-width", "12")]
    [InlineData("pyramid_pooling with features of blocks 0", "semantic_head", "--head", "pyramid_pooling", "--feature-blocks", "0")]
    public async Task Train_AnyHead_IsInBothFilesAndIsInspected(string head, string part, params string[] args)
    {
        var trained = await Train(args);

        Assert.Equal((0, ""), (trained.Code, trained.Error));
        Assert.Contains($", head {head}, 3 classes, from ", trained.Output, StringComparison.Ordinal);
        Assert.Equal(part == "semantic_head", trained.Output.Contains("; the head starts from random weights", StringComparison.Ordinal));
        var (best, model) = (Path.Combine(Run, "best.safetensors"), Path.Combine(Run, "model.safetensors"));
        string[] evaluate = ["evaluate", "--data", _voc, "--classes", _classes];
        var whole = await SamSeg.RunAsync([.. evaluate, "--model", model]);
        var parts = await SamSeg.RunAsync([.. evaluate, "--model", best, "--encoder-checkpoint", _sam]);
        Assert.Equal((0, ""), (whole.Code, whole.Error));
        Assert.Equal(Table(whole), Table(parts));
        Assert.Contains(Table(whole), trained.Output, StringComparison.Ordinal);

        var text = await SamSeg.RunAsync("inspect", best);
        Assert.Contains($"head           {head}\n", text.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains($"parts          {part}., ", text.Output.Replace("semantic_head.;", "semantic_head., ;", StringComparison.Ordinal), StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await SamSeg.RunAsync("inspect", model, "--json")).Output);
        var stated = json.RootElement.GetProperty("network").GetProperty("head");
        Assert.Equal(head.Split(' ')[0], stated.GetProperty("kind").GetString());
        Assert.Equal(head.Contains("features", StringComparison.Ordinal), stated.GetProperty("feature_blocks").GetArrayLength() > 0);
    }

    [Fact]
    public async Task Train_FromATrainedHead_GoesOnWithItOrSaysThatAnotherStartsAnew()
    {
        await Train("--head", "aspp", "--head-width", "12");
        var model = Path.Combine(Run, "model.safetensors");

        var same = await SamSeg.RunAsync([.. Arguments, "--checkpoint", model, "--run-folder", _folder.PathOf("same")]);
        var other = await SamSeg.RunAsync([.. Arguments, "--checkpoint", model, "--head", "pyramid_pooling", "--run-folder", _folder.PathOf("other")]);
        var part = await SamSeg.RunAsync(
            [.. Arguments, "--checkpoint", Path.Combine(Run, "last.safetensors"), "--encoder-checkpoint", _sam, "--head", "linear", "--run-folder", _folder.PathOf("part")]);

        Assert.Equal((0, ""), (same.Code, same.Error));
        Assert.Contains($", head aspp of width 12, 3 classes, from {model}\n", same.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal((0, ""), (other.Code, other.Error));
        Assert.Contains("; its head is aspp of width 12, so the head starts from random weights", other.Output, StringComparison.Ordinal);
        Assert.Equal(2, part.Code);
        Assert.Contains("aspp of width 12, found linear; the encoder's file alone starts another head", part.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_FeatureBlocks_FindsThemForTraining()
    {
        string[] head = ["--head", "linear", "--feature-blocks", "0,1", "--cache-folder", _folder.PathOf("cache")];
        string[] start = ["--config", _config, "--data", _voc, "--classes", _classes, "--checkpoint", _sam];
        var first = await SamSeg.RunAsync(["embed", .. start, .. head]);
        var again = await SamSeg.RunAsync(["embed", .. start, .. head, "--head", "aspp"]);
        var fewer = await SamSeg.RunAsync(["embed", .. start, .. head[..^4], "--feature-blocks", "0", .. head[^2..]]);

        Assert.Equal((0, ""), (first.Code, first.Error));
        Assert.Contains(" 0 were there", first.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 were there", again.Output, StringComparison.Ordinal);
        Assert.Contains(" 0 were there", fewer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.head: FeatureBlocks holds 2; it must be in 0..1, as the encoder has 2 blocks.", "--feature-blocks", "2")]
    [InlineData("model.head: Width is 3; Linear has no width of its own.", "--head", "linear", "--head-width", "3")]
    [InlineData("model.head.kind: expected one of mask_decoder, linear, aspp, pyramid_pooling", "--head", "upernet")]
    [InlineData("training.trained: is Hypernetworks; that needs the head MaskDecoder, the network's is Linear.", "--head", "linear", "--train", "hypernetworks")]
    public async Task Train_HeadThatCannotBe_NamesTheSetting(string expected, params string[] args)
    {
        var run = await Train(args);

        Assert.Equal(2, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Run));
    }

    private string[] Arguments => ["train", "--config", _config, "--data", _voc, "--classes", _classes];

    private Task<SamSeg> Train(params string[] args) => SamSeg.RunAsync([.. Arguments, "--checkpoint", _sam, "--run-folder", Run, .. args]);

    // The table of classes, which both commands write alike.
    private static string Table(SamSeg run) => run.Output[run.Output.IndexOf("id  class", StringComparison.Ordinal)..];
}
