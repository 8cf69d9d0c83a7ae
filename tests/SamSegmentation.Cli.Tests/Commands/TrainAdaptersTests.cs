using System.Text.Json;
using Xunit;

namespace SamSegmentation.Cli.Tests.Commands;

/// <summary>samseg with adapters: trained, evaluated from both kinds of files, inspected, gone on with.</summary>
public sealed class TrainAdaptersTests : IDisposable
{
    private readonly TinyTraining _training = new("""
          trained: decoder-and-adapters
          optimizer: { learning_rate: 0.003 }
          adapters: { bottleneck_width: 3, bottleneck_scale: 0.5 }
        """);

    public void Dispose() => _training.Dispose();

    [Fact]
    public async Task Train_Adapters_AreInBothFilesAndAreInspected()
    {
        var trained = await Train("--adapter-kind", "both", "--lora-rank", "2", "--lora-alpha", "3", "--adapter-first-block", "1");

        Assert.Equal((0, ""), (trained.Code, trained.Error));
        Assert.Contains("adapters    LoRA of rank 2, alpha 3 and AdaptFormer of width 3, scale 0.5, from block 1 on", trained.Output, StringComparison.Ordinal);
        Assert.Contains("cached      what enters block 1 of the encoder", trained.Output, StringComparison.Ordinal);
        var (best, model) = (_training.Written("best.safetensors"), _training.Written("model.safetensors"));
        var whole = await _training.EvaluateAsync("--model", model);
        var parts = await _training.EvaluateAsync("--model", best, "--encoder-checkpoint", _training.Sam);
        Assert.Equal((0, ""), (whole.Code, whole.Error));
        Assert.Equal(TinyTraining.Table(whole), TinyTraining.Table(parts));
        Assert.Contains(TinyTraining.Table(whole), trained.Output, StringComparison.Ordinal);

        var text = await SamSeg.RunAsync("inspect", best);
        Assert.Contains("adapters       LoRA of rank 2, alpha 3 and AdaptFormer of width 3, scale 0.5, from block 1 on", text.Output, StringComparison.Ordinal);
        Assert.Contains("parts          mask_decoder., prompt_encoder., adapters.; without the image encoder ", text.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await SamSeg.RunAsync("inspect", model, "--json")).Output);
        var adapters = json.RootElement.GetProperty("network").GetProperty("adapters");
        Assert.Equal(("adapt_former", 3), (adapters.GetProperty("kind").GetString(), adapters.GetProperty("bottleneck_width").GetInt32()));
        Assert.Contains(json.RootElement.GetProperty("parts").EnumerateArray(), part => part.GetProperty("name").GetString() == "adapters" && part.GetProperty("tensor_count").GetInt32() == 4);
    }

    [Fact]
    public async Task Train_FromACheckpointWithAdapters_GoesOnWithThemOrSaysThatItHasOthers()
    {
        await Train("--adapter-kind", "adaptformer");
        string[] start = ["--checkpoint", _training.Written("last.safetensors"), "--encoder-checkpoint", _training.Sam];

        var same = await _training.TrainAsync([.. start, "--adapter-kind", "adaptformer", "--run-folder", _training.Folder.PathOf("more")]);
        var other = await _training.TrainAsync([.. start, "--adapter-kind", "both", "--run-folder", _training.Folder.PathOf("other")]);

        Assert.Equal((0, ""), (same.Code, same.Error));
        Assert.Equal(2, other.Code);
        Assert.Contains("but the network has AdapterOptions { Kind = AdaptFormer", other.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("training.adapters.bottleneck_width: belongs to AdaptFormer; Kind is Lora", "--adapter-kind", "lora")]
    [InlineData("training.adapters.first_block: is 2; it must be in 0..1, since the encoder has 2 blocks.", "--adapter-kind", "adaptformer", "--adapter-first-block", "2")]
    [InlineData("training.adapters.lora_rank: belongs to Lora; Kind is AdaptFormer", "--adapter-kind", "adaptformer", "--lora-rank", "3")]
    [InlineData("needs Trained = DecoderAndAdapters; it is Decoder", "--train", "decoder", "--adapter-kind", "adaptformer")]
    public async Task Train_AdaptersThatCannotBe_NamesTheSetting(string expected, params string[] args)
    {
        var run = await Train(args);

        Assert.Equal(2, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_training.Run));
    }

    private Task<SamSeg> Train(params string[] args) => _training.TrainAsync(["--checkpoint", _training.Sam, .. args]);
}
