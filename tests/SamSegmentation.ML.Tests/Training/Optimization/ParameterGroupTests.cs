using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Optimization;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training.Optimization;

public sealed class ParameterGroupTests : IDisposable
{
    private readonly List<(string Name, Parameter Parameter)> _parameters =
        [.. new[] { "a.weight", "a.bias", "a.mlp.1.weight", "a.mlp.10.weight", "ab.weight" }.Select(name => (name, nn.Parameter(zeros(1))))];

    public void Dispose() => _parameters.ForEach(pair => pair.Parameter.Dispose());

    [Fact]
    public void Divide_NoParts_MakesOneGroup()
    {
        var group = Assert.Single(ParameterGroup.Divide(_parameters, new() { LearningRate = 0.3, WeightDecay = 0.4 }));

        Assert.Equal((0.3, 0.4), (group.LearningRate, group.WeightDecay));
        Assert.Equal(_parameters.Select(pair => pair.Parameter), group.Parameters);
    }

    [Fact]
    public void Divide_SeveralParts_TakesTheLongestThatFitsUpToADot()
    {
        var options = new TrainingOptions
        {
            LearningRate = 0.3,
            WeightDecay = 0.4,
            Parts = new Dictionary<string, PartOverride>
            {
                ["a"] = new() { LearningRate = 1 },
                ["a.mlp.1"] = new() { WeightDecay = 2 },
                ["a.bias"] = new() { LearningRate = 0, WeightDecay = 0 },
            },
        };

        var groups = ParameterGroup.Divide(_parameters, options);

        Assert.Equal(
            [(0.3, 0.4, "ab.weight"), (1, 0.4, "a.weight a.mlp.10.weight"), (0, 0, "a.bias"), (0.3, 2, "a.mlp.1.weight")],
            groups.Select(group => (group.LearningRate, group.WeightDecay, string.Join(' ', group.Parameters.Select(NameOf)))));
    }

    [Fact]
    public void Divide_PartsThatFitNothing_AreAllReportedWithTheNames()
    {
        var one = new PartOverride { LearningRate = 1 };
        var options = new TrainingOptions { Parts = new Dictionary<string, PartOverride> { ["a.ml"] = one, ["a."] = one, ["c"] = one } };

        var error = Assert.Throws<InvalidTrainingOptionsException>(() => ParameterGroup.Divide(_parameters, options));

        Assert.Equal(["Parts[a.ml]", "Parts[c]"], error.Faults.Select(fault => fault.Option));
        Assert.All(_parameters, pair => Assert.Contains(pair.Name, error.Message, StringComparison.Ordinal));
    }

    private string NameOf(Parameter parameter) => _parameters.Single(pair => ReferenceEquals(pair.Parameter, parameter)).Name;
}
