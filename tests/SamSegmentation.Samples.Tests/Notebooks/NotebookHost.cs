#pragma warning disable IDE1006 // The names are those that a notebook's cells call.
namespace SamSegmentation.Samples.Tests.Notebooks;

/// <summary>What a C# notebook offers its cells beside the language.</summary>
public sealed class NotebookHost
{
    /// <summary>What the cells showed, in order.</summary>
    public List<string> Shown { get; } = [];

    public string HTML(string markup) => markup;

    public void display(object shown) => Shown.Add(shown.ToString()!);
}
