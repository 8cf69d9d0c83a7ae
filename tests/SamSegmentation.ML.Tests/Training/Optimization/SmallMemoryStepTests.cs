using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling.Memory;
using SamSegmentation.ML.Tests.Modeling.Memory;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Optimization;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training.Optimization;

/// <summary>A step whose batch does not fit the device's memory takes fewer images at once, and is the same step.</summary>
[Collection(LiveTensors.Alone)]
public sealed class SmallMemoryStepTests : IDisposable
{
    private const int Images = 5;

    private static readonly TrainingOptions s_options = TinyRun.Options with { Optimizer = OptimizerKind.Sgd, Momentum = 0, LearningRate = 1, WeightDecay = 0 };
    private static readonly ImageGeometry s_geometry = ImageGeometry.Of(4, 4, 4, Preprocessing.Stretch);

    // A factor of each class, so that it matters.
    private readonly Parameter _weight = nn.Parameter(tensor([0.5f, -0.25f]).reshape(1, 2, 1, 1));
    private readonly StepOptimizer _optimizer;
    private readonly List<ReducedBatch> _reduced = [];

    public SmallMemoryStepTests() => _optimizer = new StepOptimizer(ParameterGroup.Divide([("w", _weight)], s_options), s_options);

    public void Dispose()
    {
        _optimizer.Dispose();
        _weight.Dispose();
    }

    [Theory]
    [InlineData(5, null, new[] { 5 })]
    [InlineData(4, null, new[] { 5, 2, 2, 1, 2, 2, 1 })]
    [InlineData(1, null, new[] { 5, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(2, 3, new[] { 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    public void Take_ABatchThatDoesNotFit_GivesTheSameLossLooksAndUpdate(int fit, int? microBatch, int[] attempts)
    {
        var (expectedLoss, expectedWeight) = Reference();
        using var batch = TestStep.Batch(s_geometry, Images);
        var device = new SmallDevice(fit);
        var step = TestStep.Make(device.Run(inputs => inputs * _weight), _optimizer, microBatch, _reduced.Add);
        var looks = new List<int>();

        var loss = step.Take(batch, 1, (image, _) => looks.Add(image));

        Assert.Equal(expectedLoss, loss, 1e-6);
        Assert.Equal(attempts, device.Seen);
        Assert.Equal([0, 1, 2, 3, 4], looks);
        AssertClose(expectedWeight, Values());
        Assert.Equal(attempts.Where(count => count > fit), _reduced.Select(one => one.From));

        // It remembers.
        step.Take(batch, 1);
        Assert.Equal(_reduced.Count == 0 ? Images : _reduced[^1].To, device.Seen[attempts.Length]);
        Assert.Equal(attempts.Count(count => count > fit), _reduced.Count);
    }

    [Fact]
    public void Take_FailsBetweenTheGradientsOfPieces_LeavesNothingHalfAdded()
    {
        var (expectedLoss, expectedWeight) = Reference();
        using var batch = TestStep.Batch(s_geometry, Images);
        var calls = 0;
        // Pieces of 2, 2 and 1 without gradients, then with: the fifth call comes when the first piece's gradients are added.
        var step = TestStep.Make(
            inputs =>
            {
                if (++calls == 5)
                    SmallDevice.RunOut();
                return inputs * _weight;
            },
            _optimizer, microBatch: 2, _reduced.Add);

        Assert.Equal(expectedLoss, step.Take(batch, 1), 1e-6);

        Assert.Equal(5 + 2 * Images, calls);
        AssertClose(expectedWeight, Values());
    }

    [Fact]
    public void Take_FailsAfterSomeImagesWereShown_ShowsEachOnce()
    {
        using var batch = TestStep.Batch(s_geometry, Images);
        var step = TestStep.Make(inputs => inputs * _weight, _optimizer, null, _reduced.Add);
        var looks = new List<int>();
        var failed = false;

        step.Take(batch, 1, (image, _) =>
        {
            if (image == 3 && !failed)
            {
                failed = true;
                SmallDevice.RunOut();
            }
            looks.Add(image);
        });

        Assert.True(failed);
        Assert.Equal([0, 1, 2, 3, 4], looks);
    }

    [Fact]
    public void Take_OneImageDoesNotFit_SaysSoAndChangesNothing()
    {
        using var batch = TestStep.Batch(s_geometry, Images);
        var before = Values();
        var step = TestStep.Make(new SmallDevice(0).Run(inputs => inputs * _weight), _optimizer, null, _reduced.Add);

        var error = Assert.Throws<InsufficientMemoryException>(() => step.Take(batch, 1));

        Assert.Contains("Trained", error.Message);
        Assert.Contains("EncoderPrecision", error.Message);
        Assert.Equal(before, Values());
        Assert.Equal([(5, 2), (2, 1)], _reduced.Select(one => (one.From, one.To)));
    }

    [Fact]
    public void Take_ManyTimesOnASmallDevice_LeavesNoTensorAlive()
    {
        using var batch = TestStep.Batch(s_geometry, Images);
        Tensor Network(Tensor inputs) => inputs * _weight;
        TestStep.Make(Network, _optimizer, null).Take(batch, 1);
        var before = LiveTensors.Count();

        for (var i = 0; i < 3; i++)
        {
            TestStep.Make(new SmallDevice(1).Run(Network), _optimizer, null).Take(batch, 1);
            Assert.Throws<InsufficientMemoryException>(() => TestStep.Make(new SmallDevice(0).Run(Network), _optimizer, null).Take(batch, 1));
        }

        Assert.Equal(before, LiveTensors.Count());
    }

    private static void AssertClose(float[] expected, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6));

    private float[] Values()
    {
        using var values = _weight.detach();
        return values.data<float>().ToArray();
    }

    // The step with all at once, which is then taken back.
    private (double Loss, float[] Weight) Reference()
    {
        using var scope = NewDisposeScope();
        var start = _weight.detach().clone();
        using var batch = TestStep.Batch(s_geometry, Images);
        var loss = TestStep.Make(inputs => inputs * _weight, _optimizer, null).Take(batch, 1);
        var after = Values();
        Assert.NotEqual(start.data<float>().ToArray(), after);
        using (no_grad())
            _weight.copy_(start);
        return (loss, after);
    }
}
