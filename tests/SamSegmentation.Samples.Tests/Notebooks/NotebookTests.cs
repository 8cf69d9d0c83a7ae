using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using SamSegmentation.Cli.Tests;
using SamSegmentation.ML.Imaging;
using Xunit;

namespace SamSegmentation.Samples.Tests.Notebooks;

/// <summary>The cells of each notebook, compiled and run one after the other as a notebook does.</summary>
[Collection(nameof(WholeProcess))]
public partial class NotebookTests
{
    public static TheoryData<string> All { get; } =
        [.. Directory.EnumerateFiles(RepositoryFiles.PathOf("samples/notebooks"), "*.ipynb").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Cells_RunInOrder_LearnTheClassesAndShowPictures(string name)
    {
        var folder = RepositoryFiles.PathOf("samples/notebooks");
        var host = new NotebookHost();
        var printed = new StringWriter();

        await Run(Notebook.CodeCells(Path.Combine(folder, name)), host, folder, printed);

        var pictures = host.Shown.SelectMany(markup => DataUri().Matches(markup).Select(match => Convert.FromBase64String(match.Groups[1].Value))).ToArray();
        Assert.True(pictures.Length >= 6, $"{pictures.Length} pictures were shown; expected 6 or more.");
        Assert.All(pictures, picture => Assert.True(RgbImage.Decode(picture).Pixels.Chunk(3).DistinctBy(color => (color[0], color[1], color[2])).Count() > 1));
        var mean = MeanIoU.In(printed.ToString());
        Assert.True(mean > 0.4, $"The mean IoU is {mean}.\n{printed}");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Notebook_HasAProgramBesideIt(string name) =>
        Assert.True(File.Exists(Path.Combine(RepositoryFiles.PathOf("samples/notebooks"), Path.ChangeExtension(name, ".cs"))));

    private static async Task Run(IReadOnlyList<string> cells, NotebookHost host, string folder, StringWriter printed)
    {
        var options = ScriptOptions.Default
            .AddReferences(References.All)
            .AddImports("System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq");
        var (before, console) = (Environment.CurrentDirectory, Console.Out);
        Environment.CurrentDirectory = folder;
        Console.SetOut(printed);
        try
        {
            var cancellation = TestContext.Current.CancellationToken;
            ScriptState<object>? state = null;
            // Where a notebook fetches the packages, the test has the assemblies of this build.
            foreach (var cell in cells.Where(cell => !cell.StartsWith("#r \"nuget:", StringComparison.Ordinal)))
            {
                state = state is null
                    ? await CSharpScript.RunAsync(cell, options, host, cancellationToken: cancellation)
                    : await state.ContinueWithAsync(cell, cancellationToken: cancellation);
            }
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = before;
        }
    }

    [GeneratedRegex("data:image/png;base64,([^']+)'")]
    private static partial Regex DataUri();
}
