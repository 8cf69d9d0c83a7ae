using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Prediction.Logits;
using SamSegmentation.ML.Prediction.Passes;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Prediction.Logits;

public sealed class LogitAverageTests
{
    private const int Size = 16;
    private const int Classes = 3;
    private const int Cells = 4;

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(37, 53, 1)]
    [InlineData(37, 53, 7 * 53 * Classes)]
    [InlineData(37, 53, 1 << 22)]
    [InlineData(5, 90, 2 * 90 * Classes)]
    public void Run_BandsOfAnyHeight_IsWhatTheAverageOfTensorsSays(int height, int width, long bandValues)
    {
        var options = new InferenceOptions { Window = SlidingWindow.OwnSize, Overlap = 0.4, Flip = true, Scales = [0.7, 1.3] };
        var plan = InferencePlan.Of(height, width, Size, Preprocessing.Sam, options);
        var expected = new PassAverage(plan, Classes, batchSize: 2).Run(
            passes => cat([.. passes.Select(pass => tensor(Values(plan, pass), [1, Classes, Cells, Cells]))]), withProbabilities: true);
        var ran = 0;
        SegmentationPrediction Run(bool withProbabilities) => new LogitAverage(plan, Classes, bandValues).Run(
            pass =>
            {
                ran++;
                return new LogitSquare(Values(plan, pass), Classes, Cells, Cells);
            },
            withProbabilities);

        var actual = Run(withProbabilities: true);

        Assert.Equal(plan.Passes.Count, ran);
        for (var i = 0; i < expected.Probabilities!.Length; i++)
            Assert.Equal(expected.Probabilities[i], actual.Probabilities![i], 2e-6f);
        for (var i = 0; i < height * width; i++)
        {
            var own = actual.Probabilities![actual.Labels.Ids[i] * height * width + i];
            Assert.Equal(Enumerable.Range(0, Classes).Max(id => actual.Probabilities[id * height * width + i]), own);
        }
        var labelsAlone = Run(withProbabilities: false);
        Assert.Null(labelsAlone.Probabilities);
        Assert.Equal(actual.Labels.Ids, labelsAlone.Labels.Ids);
    }

    // Whatever runs the network: each pass has logits of its own.
    private static float[] Values(InferencePlan plan, InferencePass pass)
    {
        var random = new Random(plan.Passes.ToList().IndexOf(pass));
        return [.. Enumerable.Range(0, Classes * Cells * Cells).Select(_ => (float)random.NextDouble() * 6)];
    }
}
