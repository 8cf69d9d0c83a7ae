using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SamSegmentation.ML.Hosting;
using SamSegmentation.ML.Pipeline;
using Xunit;

namespace SamSegmentation.ML.Tests.Hosting;

public sealed class AddSamSegmentationTests
{
    [Fact]
    public void Start_SoundSections_BindsModelsAndTraining()
    {
        using var provider = Host(new()
        {
            ["S:Models:voc:Path"] = "voc.safetensors",
            ["S:Models:voc:EncoderCheckpoint"] = "vit_b.pth",
            ["S:Models:voc:Device"] = "cpu",
            ["S:Models:voc:ReloadDelay"] = "00:00:05",
            ["S:Models:voc:ReloadOnChange"] = "false",
            ["S:Training:Checkpoint"] = "vit_b.pth",
            ["S:Training:Epochs"] = "7",
        });
        provider.GetRequiredService<IStartupValidator>().Validate();
        var voc = provider.GetRequiredService<IOptionsMonitor<SegmentationModelOptions>>().Get("voc");
        Assert.Equal(("voc.safetensors", "vit_b.pth", "cpu", TimeSpan.FromSeconds(5), false), (voc.Path, voc.EncoderCheckpoint, voc.Device, voc.ReloadDelay, voc.ReloadOnChange));
        Assert.Equal(7, provider.GetRequiredService<IOptions<SamTrainerOptions>>().Value.Epochs);
        Assert.Equal(["voc"], provider.GetRequiredService<SegmentationPredictorPool>().Names);
    }

    [Fact]
    public void Start_SeveralFaults_ListsThemAll()
    {
        using var provider = Host(new()
        {
            ["S:Models:voc:Path"] = "",
            ["S:Models:voc:Device"] = "gpu",
            ["S:Models:voc:MaxConcurrency"] = "0",
            ["S:Models:voc:Inference:Overlap"] = "2",
            ["S:Models:roads:Path"] = "roads.safetensors",
            ["S:Models:roads:ReloadDelay"] = "-00:00:01",
            ["S:Training:Epochs"] = "0",
        });
        var error = Assert.Throws<AggregateException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.All(
            ["voc.Path", "voc.Device must be auto, cpu, cuda or cuda:N; found 'gpu'", "voc.MaxConcurrency", "voc.Inference.Overlap: is 2", "roads.ReloadDelay", "Epochs", "Checkpoint"],
            text => Assert.Contains(text, error.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Start_MisspeltKey_IsAnError()
    {
        using var provider = Host(new() { ["S:Models:voc:Path"] = "voc.safetensors", ["S:Models:voc:Devise"] = "cpu" });
        var error = Assert.ThrowsAny<InvalidOperationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains("Devise", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AddSamSegmentation_NoSection_SaysWhatIsExpected()
    {
        var error = Assert.Throws<ArgumentException>(() => Host([]));
        Assert.Contains("'S' is empty or not there; expected the section Models, the section Training, or both.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddSamSegmentation_UnknownKey_NamesIt()
    {
        var error = Assert.Throws<ArgumentException>(() => Host(new() { ["S:Model:voc:Path"] = "voc.safetensors" }));
        Assert.Contains("'S' has Model; expected Models and Training alone.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddSegmentationModel_NameTwice_IsAnError()
    {
        var services = new ServiceCollection().AddSegmentationModel("voc", options => options.Path = "voc.safetensors");
        Assert.Throws<ArgumentException>(() => services.AddSegmentationModel("VOC", options => options.Path = "other.safetensors"));
        using var provider = services.BuildServiceProvider();
        Assert.Equal(["voc"], provider.GetRequiredService<SegmentationPredictorPool>().Names);
    }

    private static ServiceProvider Host(Dictionary<string, string?> settings) => new ServiceCollection()
        .AddSamSegmentation(new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("S"))
        .BuildServiceProvider();
}
