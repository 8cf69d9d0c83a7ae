using System.Reflection.Metadata;
using System.Text;
using System.Xml.Linq;
using Xunit;

namespace SamSegmentation.Cli.Tests.Packaging;

public sealed class ReleaseTests(ReleasedSample sample) : IClassFixture<ReleasedSample>
{
    // Portable PDB's kind of the SourceLink document.
    private static readonly Guid s_sourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    [Fact]
    public void Pack_CheckoutWithARemote_NamesRepositoryAndCommit()
    {
        Assert.True(sample.FirstCode == 0, sample.FirstOutput);
        foreach (var suffix in new[] { "nupkg", "snupkg" })
        {
            using var nuspec = new MemoryStream(ReleasedSample.ContentsOf(sample.First, suffix)["Sample.nuspec"]);
            var repository = XDocument.Load(nuspec).Descendants().Single(element => element.Name.LocalName == "repository");
            Assert.Equal(
                ("git", "https://github.com/example/samples.git", ReleasedSample.Commit),
                (repository.Attribute("type")!.Value, repository.Attribute("url")!.Value, repository.Attribute("commit")!.Value));
        }
    }

    [Fact]
    public void Pack_CheckoutWithARemote_LinksTheSymbolsToTheSourcesAndNamesNoPathOfTheMachine()
    {
        var symbols = ReleasedSample.ContentsOf(sample.First, "snupkg")["lib/net10.0/Sample.pdb"];
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols));
        var reader = provider.GetMetadataReader();
        var link = reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation).Single(information => reader.GetGuid(information.Kind) == s_sourceLink);

        Assert.Equal(
            "{\"documents\":{\"/_/*\":\"https://raw.githubusercontent.com/example/samples/" + ReleasedSample.Commit + "/*\"}}",
            Encoding.UTF8.GetString(reader.GetBlobBytes(link.Value)));
        Assert.All(reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name)), name => Assert.StartsWith("/_/", name, StringComparison.Ordinal));
        Assert.DoesNotContain(sample.FirstFolder, Encoding.UTF8.GetString(ReleasedSample.ContentsOf(sample.First, "nupkg")["lib/net10.0/Sample.dll"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nupkg")]
    [InlineData("snupkg")]
    public void Pack_AgainElsewhere_GivesTheSameFiles(string suffix)
    {
        // Only the archive's times differ.
        Assert.Equal(ReleasedSample.ContentsOf(sample.First, suffix), ReleasedSample.ContentsOf(sample.Second, suffix));
    }

    [Fact]
    public void Pack_LessThanThePackageBefore_IsAnErrorThatNamesTheMember()
    {
        Assert.Equal(1, sample.SecondCode);
        Assert.Contains("error CP0002: Member 'void Sample.Thing.Rest()' exists on [Baseline]", sample.SecondOutput, StringComparison.Ordinal);
        Assert.DoesNotContain("Act()", sample.SecondOutput, StringComparison.Ordinal);
    }
}
