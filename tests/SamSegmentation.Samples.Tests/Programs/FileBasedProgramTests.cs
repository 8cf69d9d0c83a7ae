using System.Diagnostics;
using SamSegmentation.Cli.Tests;
using SamSegmentation.ML.Imaging;
using Xunit;

namespace SamSegmentation.Samples.Tests.Programs;

/// <summary>The programs of a single file, as a user runs them: <c>dotnet run FILE.cs</c>.</summary>
[Collection(nameof(WholeProcess))]
public sealed class FileBasedProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("samseg-samples-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Quickstart_APhotograph_DrawsItsClassesOverIt()
    {
        var photo = RepositoryFiles.PathOf("samples/data/scenes/img/val/scene_00034.jpg");
        var overlay = Path.Combine(_folder, "overlay.png");

        var printed = Run("samples/Quickstart.cs", photo, overlay);

        Assert.True(MeanIoU.In(printed) > 0.4, printed);
        var (before, after) = (RgbImage.Load(photo), RgbImage.Load(overlay));
        Assert.Equal((before.Height, before.Width), (after.Height, after.Width));
        Assert.NotEqual(before.Pixels, after.Pixels);
    }

    [Fact]
    public void Segmentation_LikeTheNotebook_WritesPicturesAndTheModel()
    {
        var printed = Run("samples/notebooks/Segmentation.cs", _folder);

        Assert.True(MeanIoU.In(printed) > 0.4, printed);
        Assert.All(["truth", "predicted", "overlay"], name => Assert.True(RgbImage.Load(Path.Combine(_folder, $"{name}.png")).Pixels.Chunk(3).DistinctBy(color => (color[0], color[1], color[2])).Count() > 1));
        Assert.True(new FileInfo(Path.Combine(_folder, "scenes.zip")).Length > 1_000_000);
    }

    private static string Run(string program, params string[] arguments)
    {
        // The tests' own configuration: what they were built from need not be built again.
        var configuration = AppContext.BaseDirectory.Contains("debug", StringComparison.OrdinalIgnoreCase) ? "Debug" : "Release";
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["run", "--configuration", configuration, RepositoryFiles.PathOf(program), "--", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}: {errors.Result}{output}");
        return output;
    }
}
