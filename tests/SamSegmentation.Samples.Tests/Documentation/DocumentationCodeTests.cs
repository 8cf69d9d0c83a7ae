using Xunit;

namespace SamSegmentation.Samples.Tests.Documentation;

/// <summary>Every C# block of the README and the docs compiles.</summary>
public class DocumentationCodeTests
{
    public static TheoryData<string> Pages { get; } = [.. CodeBlock.Pages().Where(page => CodeBlock.In(page).Any())];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_EveryBlock_Compiles(string page) => Assert.Empty(PageProgram.Errors(CodeBlock.In(page)));

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
