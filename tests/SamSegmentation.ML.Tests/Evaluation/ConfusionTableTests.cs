using SamSegmentation.ML.Evaluation;
using Xunit;

namespace SamSegmentation.ML.Tests.Evaluation;

public sealed class ConfusionTableTests
{
    [Fact]
    public void ToConfusionTable_ThreeClasses_HasSharesOfEachTrueClass()
    {
        var matrix = new ConfusionMatrix(3);
        matrix.Add([0, 0, 0, 0, 1, 1, 1], [0, 0, 0, 2, 1, 1, 0]);
        const string Expected =
            "id  true class      0      1      2\n" +
            " 0  background   75.0      .   25.0\n" +
            " 1  cat          33.3   66.7      .\n" +
            " 2  dog             -      -      -\n";
        Assert.Equal(Expected, matrix.ToMetrics(["background", "cat", "dog"]).ToConfusionTable());
    }

    [Fact]
    public void PerClass_Metrics_HoldEachClassesValues()
    {
        var matrix = new ConfusionMatrix(3);
        matrix.Add([0, 0, 0, 0, 1, 1, 1], [0, 0, 0, 2, 1, 1, 0]);
        var metrics = matrix.ToMetrics(["background", "cat", "dog"]);
        Assert.Equal(
            [
                new ClassMetrics(0, "background", 3 / 5.0, 6 / 8.0, 3 / 4.0, 4),
                new ClassMetrics(1, "cat", 2 / 3.0, 4 / 5.0, 2 / 3.0, 3),
                new ClassMetrics(2, "dog", 0, 0, null, 0),
            ],
            metrics.PerClass);
    }
}
