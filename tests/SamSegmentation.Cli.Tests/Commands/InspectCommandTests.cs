using System.Text.Json;
using Xunit;

namespace SamSegmentation.Cli.Tests.Commands;

public sealed class InspectCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect_OurModel_TellsNetworkClassesAndPreprocessing()
    {
        var run = await SamSeg.RunAsync("inspect", TinyNetwork.WriteModel(_folder, "model.safetensors", "ground", "red", "blue"));

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("network        custom (32 px, patch 8, 2 blocks of width 16, embedding 16), a semantic network's weights", run.Output, StringComparison.Ordinal);
        Assert.Contains("classes        3: ground, red, blue", run.Output, StringComparison.Ordinal);
        Assert.Contains("preprocessing  Sam", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("metadata", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_SamsFile_HasNoClasses()
    {
        var run = await SamSeg.RunAsync("inspect", TinyNetwork.WriteSam(_folder, "sam.safetensors"), "--json");

        Assert.Equal((0, ""), (run.Code, run.Error));
        using var json = JsonDocument.Parse(run.Output);
        var network = json.RootElement.GetProperty("network");
        Assert.Equal("sam", network.GetProperty("layout").GetString());
        Assert.Equal(JsonValueKind.Null, network.GetProperty("class_count").ValueKind);
        Assert.Equal(16, network.GetProperty("config").GetProperty("encoder_dim").GetInt32());
    }

    [Fact]
    public async Task Inspect_OtherTensors_SaysThatTheyAreNoSuchNetwork()
    {
        var path = _folder.PathOf("other.safetensors");
        using (var tensor = TorchSharp.torch.zeros(2, 3))
            ML.Checkpoints.SafetensorsFile.Write(path, [new("a.b", tensor)], new Dictionary<string, string> { ["note"] = "hello" });

        var run = await SamSeg.RunAsync("inspect", path, "--tensors");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("network        none of Segment Anything: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("metadata note  hello", run.Output, StringComparison.Ordinal);
        Assert.Contains("a.b          6  float32  2×3", run.Output, StringComparison.Ordinal);
    }
}
