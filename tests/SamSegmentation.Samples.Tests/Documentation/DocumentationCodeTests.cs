using Microsoft.CodeAnalysis.CSharp;
using SamSegmentation.Cli.Tests;
using Xunit;

namespace SamSegmentation.Samples.Tests.Documentation;

/// <summary>Every C# block of the README and the docs compiles.</summary>
public class DocumentationCodeTests
{
    public static TheoryData<string> Pages { get; } = [.. CodeBlock.Pages().Where(page => CodeBlock.In(page).Any())];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_EveryBlock_Compiles(string page) => Assert.Empty(PageProgram.Errors(CodeBlock.In(page)));

    // Such a block cannot be compiled on every stack: it must be sound C#, and the page must say so and name the package.
    [Fact]
    public void Pages_BlocksWithOtherPackages_ParseAndAreSaidNotToBeCompiled()
    {
        var blocks = CodeBlock.Pages().SelectMany(CodeBlock.WithOtherPackages).ToList();
        Assert.NotEmpty(blocks);
        foreach (var block in blocks)
        {
            Assert.Empty(CSharpSyntaxTree.ParseText(block.Code).GetDiagnostics());
            var after = string.Join(' ', File.ReadLines(RepositoryFiles.PathOf(block.Page)).Skip(block.Line - 1));
            after = after[after.IndexOf("```", StringComparison.Ordinal)..];
            Assert.Contains(block.Package!, after, StringComparison.Ordinal);
            Assert.Contains("no test compiles or runs it", after, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Errors_ABlockThatDoesNotCompile_NamesPageAndLine() =>
        Assert.StartsWith("page.md(8,1): error CS0103", Assert.Single(PageProgram.Errors(
        [
            new CodeBlock("page.md", 3, "var ml = new MLContext();\n"),
            new CodeBlock("page.md", 7, "var other = ml;\n    unknown();\n"),
        ])));

    [Fact]
    public void Pages_WithCode_AreMoreThanTheReadme() => Assert.True(Pages.Count > 1);
}
