using System.Text.Json;

namespace SamSegmentation.Samples.Tests.Notebooks;

/// <summary>The code cells of a Jupyter notebook (nbformat 4), in order.</summary>
internal static class Notebook
{
    public static IReadOnlyList<string> CodeCells(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. document.RootElement.GetProperty("cells").EnumerateArray()
            .Where(cell => cell.GetProperty("cell_type").GetString() == "code")
            .Select(cell => string.Concat(cell.GetProperty("source").EnumerateArray().Select(line => line.GetString())))];
    }
}
