using Microsoft.ML;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Tests.Training;
using SamSegmentation.ML.Training.Losses;
using SamSegmentation.ML.Training.Schedules;
using Xunit;

namespace SamSegmentation.ML.Tests.Pipeline;

/// <summary>Every loss reaches ML.NET's trainer, and training by it lowers it.</summary>
[Collection(LiveTensors.Alone)]
public sealed class LossPipelineTests : IDisposable
{
    private static readonly string[] s_formulas =
    [
        "cross_entropy", "cross_entropy(label_smoothing=0.1,class_weights=median_frequency)", "dice", "focal", "lovasz", "ohem(min_kept=50)", "cross_entropy+2*dice",
    ];

    private readonly SceneFolder _scenes = new(training: 3, validation: 0);
    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string> Formulas => [.. s_formulas];

    public void Dispose() => _scenes.Dispose();

    [Fact]
    public void Formulas_HoldEveryTermThatThereIs()
    {
        var message = Assert.Throws<FormatException>(() => LossOptions.Parse("another")).Message;

        var names = message.Split("expected one of ")[1].Split(", ");

        Assert.Equal(5, names.Length);
        Assert.All(names, name => Assert.Contains(s_formulas, formula => formula.Contains(name, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Formulas))]
    public void Fit_AnyLoss_LowersIt(string formula)
    {
        var losses = Fit(formula, epochs: 8);

        Assert.True(losses[^1] < 0.9 * losses[0], $"{losses[0]} → {losses[^1]}");
    }

    [Fact]
    public void Fit_EachLoss_IsAnother()
    {
        var first = s_formulas.Select(formula => Fit(formula, epochs: 1)[0]).ToArray();

        Assert.Equal(first.Length, first.Distinct().Count());
    }

    private List<double> Fit(string formula, int epochs)
    {
        var losses = new List<double>();
        var options = new SamTrainerOptions
        {
            Config = TinyNetwork.Config,
            Loss = LossOptions.Parse(formula),
            Epochs = epochs,
            BatchSize = 2,
            LearningRate = 1e-2,
            Schedule = new ConstantSchedule(),
            Seed = 1,
            MetricsCallback = epoch => losses.Add(epoch.TrainingLoss),
        };
        _context.Segmentation().Trainers.Sam(options).Fit(_scenes.Load(_context)).Dispose();
        return losses;
    }
}
