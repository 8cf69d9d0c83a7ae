using System.Text.Json;
using Xunit;

namespace SamSegmentation.Cli.Tests.Commands;

/// <summary>samseg with each head: trained, evaluated from both kinds of files, inspected, gone on with.</summary>
public sealed class TrainHeadTests : IDisposable
{
    private readonly TinyTraining _training = new("  optimizer: { learning_rate: 0.003 }");

    public void Dispose() => _training.Dispose();

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
        var (best, model) = (_training.Written("best.safetensors"), _training.Written("model.safetensors"));
        var whole = await _training.EvaluateAsync("--model", model);
        var parts = await _training.EvaluateAsync("--model", best, "--encoder-checkpoint", _training.Sam);
        Assert.Equal((0, ""), (whole.Code, whole.Error));
        Assert.Equal(TinyTraining.Table(whole), TinyTraining.Table(parts));
        Assert.Contains(TinyTraining.Table(whole), trained.Output, StringComparison.Ordinal);

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
        var model = _training.Written("model.safetensors");

        var same = await _training.TrainAsync(["--checkpoint", model, "--run-folder", _training.Folder.PathOf("same")]);
        var other = await _training.TrainAsync(["--checkpoint", model, "--head", "pyramid_pooling", "--run-folder", _training.Folder.PathOf("other")]);
        var part = await _training.TrainAsync(["--checkpoint", _training.Written("last.safetensors"), "--encoder-checkpoint", _training.Sam, "--head", "linear", "--run-folder", _training.Folder.PathOf("part")]);

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
        string[] head = ["--head", "linear", "--feature-blocks", "0,1", "--cache-folder", _training.Folder.PathOf("cache")];
        string[] start = ["--config", _training.Config, .. _training.Data, "--checkpoint", _training.Sam];
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
        Assert.False(Directory.Exists(_training.Run));
    }

    private Task<SamSeg> Train(params string[] args) => _training.TrainAsync(["--checkpoint", _training.Sam, .. args]);
}
