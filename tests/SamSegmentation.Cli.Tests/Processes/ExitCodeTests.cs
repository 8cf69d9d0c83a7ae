using Xunit;

namespace SamSegmentation.Cli.Tests.Processes;

public sealed class ExitCodeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect_Checkpoint_EndsWith0AndWritesToTheOutputAlone()
    {
        var model = TinyNetwork.WriteModel(_folder, "model.safetensors", "ground", "red", "blue");

        using var samseg = new SamSegProcess("inspect", model);

        Assert.Equal(0, await samseg.EndAsync());
        Assert.Contains("ground, red, blue", samseg.Output, StringComparison.Ordinal);
        Assert.Equal("", samseg.Error);
    }

    [Fact]
    public async Task Inspect_MissingFile_EndsWith1AndWritesToTheErrorsAlone()
    {
        using var samseg = new SamSegProcess("inspect", _folder.PathOf("none.pth"));

        Assert.Equal(1, await samseg.EndAsync());
        Assert.Contains("none.pth", samseg.Error, StringComparison.Ordinal);
        Assert.Equal("", samseg.Output);
    }

    [Fact]
    public async Task Inspect_UnknownOption_EndsWith2()
    {
        using var samseg = new SamSegProcess("inspect", "--jsn");

        Assert.Equal(2, await samseg.EndAsync());
        Assert.Contains("did you mean '--json'?", samseg.Error, StringComparison.Ordinal);
    }
}
