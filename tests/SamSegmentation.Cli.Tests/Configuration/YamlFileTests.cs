using SamSegmentation.Cli.Configuration;
using Xunit;

namespace SamSegmentation.Cli.Tests.Configuration;

public sealed class YamlFileTests
{
    [Fact]
    public void Read_SyntaxError_NamesLineAndColumn()
    {
        var (_, problems) = Toy.Read("training:\n  epochs: [1, 2\noutput: x\n");

        Assert.Matches("^toy.yaml:[23]:[0-9]+: not valid YAML: ", Assert.Single(problems));
    }

    [Theory]
    [InlineData("- 1\n- 2\n", "toy.yaml:1:1: expected sections with keys at the top level, found a list")]
    [InlineData("just words\n", "toy.yaml:1:1: expected sections with keys at the top level, found 'just words'")]
    [InlineData("training:\n  epochs: 1\n---\ntraining:\n  epochs: 2\n", "toy.yaml:3:1: a second document begins here; expected one document")]
    [InlineData("training:\n  epochs: !!int 1\n", "toy.yaml:2:11: the tag tag:yaml.org,2002:int is not supported")]
    [InlineData("training:\n  epochs: &n 1\n", "toy.yaml:2:11: anchors and aliases are not supported")]
    [InlineData("training:\n  ? [a, b]\n  : 1\n", "toy.yaml:2:5: expected a key, found a list")]
    public void Read_WhatSettingsDoNotNeed_IsRefused(string yaml, string expected)
    {
        var (_, problems) = Toy.Read(yaml);

        Assert.Equal([expected], problems);
    }

    [Fact]
    public void Parse_AnyTextAtAll_IsReadOrReported()
    {
        const string Valid = "training:\n  epochs: 7 # passes\n  milestones: [3, 5]\n  optimizer: { kind: 'sgd', nesterov: true }\noutput: |\n  text\n";
        const string Letters = "\n\t :-#[]{}'\"|>&*!?%@`,ae1~\\\0\u00e9";
        var random = new Random(1);
        var refused = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var text = Valid.ToCharArray();
            for (var edits = random.Next(1, 6); edits > 0; edits--)
                text[random.Next(text.Length)] = Letters[random.Next(Letters.Length)];
            var problems = new List<ConfigProblem>();

            YamlFile.Parse("toy.yaml", new string(text, 0, random.Next(text.Length)), problems);

            refused += problems.Count > 0 ? 1 : 0;
            Assert.All(problems, problem => Assert.StartsWith("toy.yaml", problem.Place, StringComparison.Ordinal));
        }
        Assert.InRange(refused, 1_000, 19_000);
    }

    [Fact]
    public void Read_ThousandsOfLevels_IsRefusedWithoutExhaustingTheStack()
    {
        var (_, problems) = Toy.Read("training: " + new string('[', 5000) + new string(']', 5000));

        Assert.Contains("nested more than", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingFile_IsOneProblemThatNamesIt()
    {
        var problems = new List<ConfigProblem>();
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "none.yaml");

        var root = YamlFile.Read(path, problems);

        Assert.Empty(root.Entries);
        Assert.Equal(path, Assert.Single(problems).Place);
    }
}
