using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Losses;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training.Losses;

/// <summary>float32 logits take the fused way, float64 ones torch's.</summary>
public sealed class FusedCrossEntropyTests
{
    private const int VoidId = 255;

    [Theory]
    [InlineData(1, 64, 16, Preprocessing.Sam, "cross_entropy")]
    [InlineData(2, 64, 16, Preprocessing.Sam, "0.5*cross_entropy")]
    [InlineData(5, 64, 64, Preprocessing.Sam, "cross_entropy")] // a cell a pixel
    [InlineData(5, 48, 32, Preprocessing.Sam, "3*cross_entropy")] // one and a half pixels a cell
    [InlineData(3, 16, 32, Preprocessing.Stretch, "cross_entropy")] // half a pixel a cell
    [InlineData(21, 64, 16, Preprocessing.Stretch, "0.5*cross_entropy")]
    [InlineData(3, 64, 16, Preprocessing.Sam, "2*cross_entropy(class_weights=0.5:0:3)")]
    public void Compute_Float32_IsTorchsLossAndGradient(int classes, int size, int cells, Preprocessing mode, string formula)
    {
        using var scope = NewDisposeScope();
        var targets = Targets(classes, size, mode);
        var logits = Random(targets.Length, classes, cells);
        var sum = Sum(formula, classes);
        var (ids, expectedIds) = (new List<ushort[]>(), new List<ushort[]>());

        var (loss, gradient) = sum.Compute(logits.to(ScalarType.Float32), targets, (_, seen) => ids.Add(seen.ToArray()));

        var (expected, expectedGradient) = sum.Compute(logits, targets, (_, seen) => expectedIds.Add(seen.ToArray()));
        Assert.Equal(ScalarType.Float32, gradient.dtype);
        Assert.Equal(expected, loss, 1e-6 * (1 + expected));
        Assert.InRange((gradient.to(ScalarType.Float64) - expectedGradient).abs().max().ToDouble(), 0, 1e-6 * expectedGradient.abs().max().ToDouble());
        for (var i = 0; i < targets.Length; i++)
            CheckIds(InputUpsampling.Upsample(logits.narrow(0, i, 1), targets[i].Geometry), ids[i], expectedIds[i]);
    }

    [Fact]
    public void Compute_Float32_HasTheGradientOfFiniteDifferences()
    {
        const float Step = 0.01f;
        using var scope = NewDisposeScope();
        var targets = Targets(3, 64, Preprocessing.Sam);
        var logits = Random(targets.Length, 3, 16).to(ScalarType.Float32);
        var direction = Random(targets.Length, 3, 16).to(ScalarType.Float32);
        var sum = Sum("cross_entropy(class_weights=0.5:1:3)", 3);

        var (_, gradient) = sum.Compute(logits, targets);

        var above = sum.Compute(logits + direction * Step, targets).Loss;
        var below = sum.Compute(logits - direction * Step, targets).Loss;
        Assert.Equal((above - below) / (2 * Step), (gradient * direction).sum().ToDouble(), 1e-4);
    }

    // The exponentials of a softmax that is certain, of both signs.
    [Theory]
    [InlineData(100)]
    [InlineData(1e4)]
    public void Compute_LargeLogits_StaysFinite(double factor)
    {
        using var scope = NewDisposeScope();
        var targets = Targets(4, 64, Preprocessing.Sam);
        var logits = factor * Random(targets.Length, 4, 16);
        var sum = Sum("cross_entropy", 4);

        var (loss, gradient) = sum.Compute(logits.to(ScalarType.Float32), targets);

        var (expected, expectedGradient) = sum.Compute(logits, targets);
        Assert.Equal(expected, loss, 1e-5 * expected);
        Assert.InRange((gradient.to(ScalarType.Float64) - expectedGradient).norm().ToDouble(), 0, 1e-3 * expectedGradient.norm().ToDouble());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Compute_LogitThatIsNoNumber_IsNoNumber(float value)
    {
        using var scope = NewDisposeScope();
        var targets = Targets(4, 64, Preprocessing.Stretch);
        var logits = Random(targets.Length, 4, 16).to(ScalarType.Float32);
        logits[0, 1, 8, 8].fill_(value);

        Assert.False(double.IsFinite(Sum("cross_entropy", 4).Compute(logits, targets).Loss));
    }

    [Fact]
    public void Compute_NoPixelOfAWeightedClass_IsZeroAndStillLooks()
    {
        using var scope = NewDisposeScope();
        var target = TrainingTarget.Of(new LabelMap(8, 8), ImageGeometry.Of(8, 8, 64, Preprocessing.Sam), VoidId);
        var looks = 0;

        var (loss, gradient) = Sum("cross_entropy(class_weights=0:1)", 2).Compute(randn(1, 2, 16, 16), [target], (_, ids) => looks += ids.Length);

        Assert.Equal(0, loss);
        Assert.Equal(0, gradient.abs().max().ToSingle());
        Assert.Equal(target.Label.Ids.Length, looks);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1e-4f)]
    [InlineData(-0.6931472f)]
    [InlineData(-1)]
    [InlineData(-20.5f)]
    [InlineData(-86.9f)]
    public void OfNegative_AnyNumber_IsExp(float x)
    {
        var e = VectorExp.OfNegative(new System.Numerics.Vector<float>(x))[0];
        Assert.InRange(Math.Abs(e / Math.Exp(x) - 1), 0, 3e-7);
    }

    [Fact]
    public void OfNegative_FarBelowZero_IsNextToNothingAndNaNStays()
    {
        Assert.InRange(VectorExp.OfNegative(new System.Numerics.Vector<float>(float.NegativeInfinity))[0], 0, 1e-37f);
        Assert.True(float.IsNaN(VectorExp.OfNegative(new System.Numerics.Vector<float>(float.NaN))[0]));
    }

    // Where the two highest logits are as good as equal, rounding decides.
    private static void CheckIds(Tensor upsampled, ushort[] ids, ushort[] expected)
    {
        Assert.Equal(expected.Length, ids.Length);
        var planes = upsampled[0].flatten(1);
        for (var i = 0; i < ids.Length; i++)
        {
            if (ids[i] != expected[i])
                Assert.Equal(planes[expected[i], i].ToDouble(), planes[ids[i], i].ToDouble(), 1e-5);
        }
    }

    // Wide, high, square and tiny images, and one that is void everywhere.
    private static TrainingTarget[] Targets(int classes, int size, Preprocessing mode)
    {
        var random = new Random(2);
        TrainingTarget[] targets = [.. new[] { (40, 56), (64, 21), (50, 50), (3, 5) }.Select(Make), Make((30, 40))];
        targets[^1].Label.Ids.AsSpan().Fill(VoidId);
        targets[^1] = targets[^1] with { ValidPixels = 0 };
        return targets;

        TrainingTarget Make((int Height, int Width) own)
        {
            var label = new LabelMap(own.Height, own.Width);
            for (var i = 0; i < label.Ids.Length; i++)
                label.Ids[i] = random.Next(9) == 0 ? (ushort)VoidId : (ushort)random.Next(classes);
            return TrainingTarget.Of(label, ImageGeometry.Of(own.Height, own.Width, size, mode), VoidId);
        }
    }

    private static LossSum Sum(string formula, int classes) => new(LossOptions.Parse(formula), new LossSetting(classes, VoidId, null));

    // Numbers that no other test's use of torch's generator changes, and that float32 holds exactly.
    private static Tensor Random(int images, int classes, int cells)
    {
        var random = new Random(5);
        var values = new double[images * classes * cells * cells];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(6 * random.NextDouble() - 3);
        return tensor(values, [images, classes, cells, cells]);
    }
}
