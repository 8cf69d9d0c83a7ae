using System.Text;
using SamSegmentation.Cli.Tests;

namespace SamSegmentation.Samples.Tests.Documentation;

/// <summary>A C# block of a page.</summary>
/// <param name="Page">The page's path in the repository.</param>
/// <param name="Line">The line on which the block's code begins, from 1.</param>
/// <param name="Code">The code.</param>
internal sealed record CodeBlock(string Page, int Line, string Code)
{
    private const string Fence = "```";

    /// <summary>The pages that show code: the README, docs and the package's own readme.</summary>
    public static IEnumerable<string> Pages() =>
        new[] { "README.md", "CONTRIBUTING.md" }
            .Concat(new[] { "docs", "nuget" }
                .Select(RepositoryFiles.PathOf)
                .Where(Directory.Exists)
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.md"))
                .Select(path => Path.GetRelativePath(RepositoryFiles.Root, path)))
            .Order(StringComparer.Ordinal);

    /// <summary>The C# blocks of a page, in order.</summary>
    public static IEnumerable<CodeBlock> In(string page)
    {
        StringBuilder? code = null;
        int start = 0, number = 0;
        foreach (var line in File.ReadLines(RepositoryFiles.PathOf(page)))
        {
            number++;
            if (code is not null && line.StartsWith(Fence, StringComparison.Ordinal))
            {
                yield return new CodeBlock(page, start, code.ToString());
                code = null;
            }
            else if (code is not null)
            {
                code.AppendLine(line);
            }
            else if (line is Fence + "csharp" or Fence + "cs" or Fence + "c#")
            {
                (code, start) = (new StringBuilder(), number + 1);
            }
        }
    }
}
