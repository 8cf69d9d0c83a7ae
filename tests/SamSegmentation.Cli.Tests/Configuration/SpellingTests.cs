using SamSegmentation.Cli.Configuration;
using Xunit;

namespace SamSegmentation.Cli.Tests.Configuration;

public sealed class SpellingTests
{
    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    [InlineData("epoch", "epochs", 1)]
    [InlineData("ecophs", "epochs", 2)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ca", "ac", 1)]
    public void Distance_TwoWords_CountsEdits(string a, string b, int expected)
    {
        Assert.Equal(expected, Spelling.Distance(a, b));
        Assert.Equal(expected, Spelling.Distance(b, a));
    }

    [Theory]
    [InlineData("batchsize", "batch_size")]
    [InlineData("batch-size", "batch_size")]
    [InlineData("Epoch", "epochs")]
    [InlineData("zzz", null)]
    public void Nearest_Name_IsTheFewestEditsAway(string name, string? expected) =>
        Assert.Equal(expected, Spelling.Nearest(name, ["epochs", "batch_size", "seed"]));
}
