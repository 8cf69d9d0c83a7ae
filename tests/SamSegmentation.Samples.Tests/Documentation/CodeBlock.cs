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

    // What a fence says of a block that needs a package to which the repository does not refer.
    private const string PackageMark = " package=";

    /// <summary>The pages that show code: the README, docs and the package's own readme.</summary>
    public static IEnumerable<string> Pages() =>
        new[] { "README.md", "CONTRIBUTING.md" }
            .Concat(new[] { "docs", "nuget" }
                .Select(RepositoryFiles.PathOf)
                .Where(Directory.Exists)
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.md"))
                .Select(path => Path.GetRelativePath(RepositoryFiles.Root, path)))
            .Order(StringComparer.Ordinal);

    /// <summary>The package that the block needs and the repository does not refer to; null for none: the block compiles.</summary>
    public string? Package { get; private init; }

    /// <summary>The C# blocks of a page, in order.</summary>
    public static IEnumerable<CodeBlock> In(string page) => All(page).Where(block => block.Package is null);

    /// <summary>The C# blocks of a page that need a package to which the repository does not refer (<c>```csharp package=NAME</c>).</summary>
    public static IEnumerable<CodeBlock> WithOtherPackages(string page) => All(page).Where(block => block.Package is not null);

    private static IEnumerable<CodeBlock> All(string page)
    {
        string? package = null;
        StringBuilder? code = null;
        int start = 0, number = 0;
        foreach (var line in File.ReadLines(RepositoryFiles.PathOf(page)))
        {
            number++;
            if (code is not null && line.StartsWith(Fence, StringComparison.Ordinal))
            {
                yield return new CodeBlock(page, start, code.ToString()) { Package = package };
                code = null;
            }
            else if (code is not null)
            {
                code.AppendLine(line);
            }
            else if (line is Fence + "csharp" or Fence + "cs" or Fence + "c#" || line.StartsWith(Fence + "csharp" + PackageMark, StringComparison.Ordinal))
            {
                (code, start) = (new StringBuilder(), number + 1);
                package = line.Contains(PackageMark, StringComparison.Ordinal) ? line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..] : null;
            }
        }
    }
}
