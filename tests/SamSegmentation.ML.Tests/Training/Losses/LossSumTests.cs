using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Losses;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training.Losses;

public sealed class LossSumTests
{
    private const int VoidId = 255;
    private const int Classes = 3;

    private static readonly ClassFrequencies s_frequencies = Frequencies();

    public static TheoryData<string> Formulas =>
    [
        "0.5*cross_entropy",
        "cross_entropy(label_smoothing=0.2,class_weights=0.5:2:1)",
        "2*cross_entropy(class_weights=median_frequency)",
        "focal(gamma=1.5,class_weights=0.5:2:1)",
        "0.5*focal(gamma=0.5)",
        "dice",
        "2*dice(smooth=10)",
        "3*lovasz",
        "ohem(threshold=0.3,min_kept=10)",
        "ohem(threshold=0.05,min_kept=700)",
        "0.5*ohem",
        "0.5*cross_entropy+0.5*dice+0.1*lovasz+ohem(min_kept=500)",
    ];

    [Theory]
    [InlineData(64, 32, Preprocessing.Sam)] // two pixels a cell
    [InlineData(64, 16, Preprocessing.Sam)]
    [InlineData(48, 32, Preprocessing.Sam)] // one and a half
    [InlineData(16, 32, Preprocessing.Sam)] // half a pixel
    [InlineData(64, 64, Preprocessing.Stretch)]
    public void Upsample_AnyGeometry_IsThePaddedSquareCropped(int size, int cells, Preprocessing mode)
    {
        using var scope = NewDisposeScope();
        var logits = randn(1, Classes, cells, cells);
        var whole = nn.functional.interpolate(logits, [size, size], mode: InterpolationMode.Bilinear, align_corners: false);
        foreach (var (height, width) in new[] { (40, 56), (56, 40), (1, 400), (64, 64), (37, 100), (99, 100) })
        {
            var geometry = ImageGeometry.Of(height, width, size, mode);

            var upsampled = InputUpsampling.Upsample(logits, geometry);

            var expected = whole.narrow(2, 0, geometry.ContentHeight).narrow(3, 0, geometry.ContentWidth);
            Assert.Equal(expected.shape, upsampled.shape);
            Assert.InRange((upsampled - expected).abs().max().ToSingle(), 0, 1e-5f);
        }
    }

    [Fact]
    public void Compute_ImagesOfManySizes_IsTheMeanOverTheBatchOfThePaddedSquares()
    {
        using var scope = NewDisposeScope();
        var logits = randn(4, Classes, 32, 32, requires_grad: true);
        var targets = new[] { (40, 56), (64, 20), (30, 30), (50, 50) }.Select(Target).ToArray();
        targets[3].Label.Ids.AsSpan().Fill(VoidId);
        targets[3] = targets[3] with { ValidPixels = 0 };
        // The same by torch alone: every image on its square, the padding void.
        var squares = full([4, 64, 64], VoidId, dtype: ScalarType.Int64);
        for (var i = 0; i < targets.Length; i++)
        {
            var label = targets[i].Label;
            squares[i].narrow(0, 0, label.Height).narrow(1, 0, label.Width).copy_(tensor(Array.ConvertAll(label.Ids, id => (long)id), [label.Height, label.Width]));
        }
        var upsampled = nn.functional.interpolate(logits, [64, 64], mode: InterpolationMode.Bilinear, align_corners: false);
        var expected = nn.functional.cross_entropy(upsampled, squares, ignore_index: VoidId) * 0.7;
        var expectedGradient = autograd.grad([expected], [logits])[0];
        var looks = new List<(int, int)>();

        var (loss, gradient) = Sum("0.7*cross_entropy").Compute(logits.detach(), targets, (i, ids) => looks.Add((i, ids.Length)));

        Assert.Equal(expected.ToDouble(), loss, 1e-6);
        Assert.InRange(((gradient - expectedGradient).norm() / expectedGradient.norm()).ToDouble(), 0, 1e-5);
        Assert.Equal(targets.Select((target, i) => (i, target.Label.Ids.Length)), looks);
    }

    [Theory]
    [MemberData(nameof(Formulas))]
    public void Compute_AnyLoss_IsTheSlowComputationOverTheBatch(string formula)
    {
        using var scope = NewDisposeScope();
        var logits = 3 * Random(4, 32);
        var targets = Batch();

        var (loss, _) = Sum(formula).Compute(logits, targets);

        Assert.Equal(new SlowLosses(logits, targets, VoidId, s_frequencies.MedianFrequencyWeights()).Of(LossOptions.Parse(formula)), loss, 1e-9);
        Assert.Equal(loss, Sum(formula).Measure(logits, targets), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Formulas))]
    public void Compute_AnyLoss_HasTheGradientOfFiniteDifferences(string formula)
    {
        const double Step = 1e-5;
        using var scope = NewDisposeScope();
        var logits = 3 * Random(4, 16);
        var targets = Batch();
        var sum = Sum(formula);

        var (_, gradient) = sum.Compute(logits, targets);

        // The images are not padded, but for one row of cells: cells in their upper left lie within.
        for (var i = 0; i < 24; i++)
        {
            var (image, channel, y, x) = (i % 3, i / 3 % Classes, i / 2 % 6, i * 5 % 6);
            var cell = logits[image, channel, y, x];
            var value = cell.ToDouble();
            cell.fill_(value + Step);
            var above = sum.Measure(logits, targets);
            cell.fill_(value - Step);
            var below = sum.Measure(logits, targets);
            cell.fill_(value);
            Assert.Equal((above - below) / (2 * Step), gradient[image, channel, y, x].ToDouble(), 1e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Formulas))]
    public void Compute_VoidAndPadding_HaveNoGradient(string formula)
    {
        using var scope = NewDisposeScope();
        // A cell a pixel: nothing is mixed.
        var logits = Random(4, 64);
        var targets = Batch();

        var (_, gradient) = Sum(formula).Compute(logits, targets);

        for (var i = 0; i < targets.Length; i++)
        {
            var label = targets[i].Label;
            var counted = zeros(64, 64, dtype: ScalarType.Bool);
            counted.narrow(0, 0, label.Height).narrow(1, 0, label.Width)
                .copy_(tensor(Array.ConvertAll(label.Ids, id => id != VoidId), [label.Height, label.Width]));
            var seen = gradient[i].abs().sum([0L]);
            Assert.Equal(0, seen.masked_select(counted.logical_not()).sum().ToDouble());
            // A loss of hard pixels leaves others out, and a loss whose weight of a class is 0 that class.
            Assert.Equal(targets[i].ValidPixels > 0, seen.max().ToDouble() > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Formulas))]
    public void Compute_OnlyVoid_IsZeroWithZeroGradients(string formula)
    {
        using var scope = NewDisposeScope();

        var (loss, gradient) = Sum(formula).Compute(randn(2, Classes, 32, 32), [OnlyVoid(), OnlyVoid()]);

        Assert.Equal(0, loss);
        Assert.Equal([2, Classes, 32, 32], gradient.shape);
        Assert.Equal(0, gradient.abs().max().ToSingle());
    }

    [Theory]
    [InlineData("cross_entropy", 1.0986122886681098)] // ln 3
    [InlineData("cross_entropy(label_smoothing=0.3,class_weights=1:2:3)", 1.0986122886681098 * 0.7 + 0.3 * 1.0986122886681098 / 3 * 6 / 1.5)]
    [InlineData("focal", 1.0986122886681098 * 4 / 9)]
    [InlineData("focal(gamma=0.5,class_weights=2:4:9)", 1.0986122886681098 * 0.81649658092772603 * 3)]
    [InlineData("ohem(threshold=0.5)", 1.0986122886681098)]
    // 32 of 64 pixels each: 1 - 2·32/3 / (64/9 + 32)
    [InlineData("dice", 1 - 2 * 32 / 3.0 / (64 / 9.0 + 32))]
    [InlineData("dice(smooth=5)", 1 - (2 * 64 / 3.0 + 5) / (128 / 9.0 + 64 + 5))] // of both images together
    // Errors 2/3 on the class come before 1/3 elsewhere: its Jaccard loss is 1 after them, and stays.
    [InlineData("lovasz", 2 / 3.0)]
    public void Compute_EvenLogitsAndTwoClassesOfThree_IsTheClosedForm(string formula, double expected)
    {
        using var scope = NewDisposeScope();
        var label = new LabelMap(8, 8, [.. Enumerable.Range(0, 64).Select(i => (ushort)(i % 2))]);
        var target = TrainingTarget.Of(label, ImageGeometry.Of(8, 8, 8, Preprocessing.Stretch), VoidId);

        var (loss, _) = Sum(formula).Compute(zeros(2, Classes, 8, 8, dtype: ScalarType.Float64), [target, target]);

        Assert.Equal(expected, loss, 1e-12);
    }

    [Theory]
    [InlineData("dice")]
    [InlineData("lovasz")]
    [InlineData("focal")]
    [InlineData("ohem(threshold=0.1,min_kept=1)")]
    public void Compute_RightAndCertain_IsZero(string formula)
    {
        using var scope = NewDisposeScope();
        var label = new LabelMap(8, 8, [.. Enumerable.Range(0, 64).Select(i => (ushort)(i % 2))]);
        var target = TrainingTarget.Of(label, ImageGeometry.Of(8, 8, 8, Preprocessing.Stretch), VoidId);
        var logits = stack([tensor(Array.ConvertAll(label.Ids, id => id == 0 ? 50f : 0)), tensor(Array.ConvertAll(label.Ids, id => id == 1 ? 50f : 0)), zeros(64)], 0).reshape(1, 3, 8, 8);

        var (loss, gradient) = Sum(formula).Compute(logits, [target]);

        Assert.Equal(0, loss, 1e-6);
        Assert.InRange(gradient.abs().max().ToSingle(), 0, 1e-6f);
    }

    [Fact]
    public void Compute_OhemWithAMinimum_KeepsTheLowest()
    {
        using var scope = NewDisposeScope();
        // Of four pixels of class 0 with logits 0, 1, 2, 3 against 0 the two lowest count.
        var target = TrainingTarget.Of(new LabelMap(2, 2), ImageGeometry.Of(2, 2, 2, Preprocessing.Stretch), VoidId);
        var logits = cat([tensor(new[] { 0.0, 1, 2, 3 }).reshape(1, 1, 2, 2), zeros(1, 2, 2, 2, dtype: ScalarType.Float64)], 1);

        var (loss, gradient) = Sum("ohem(threshold=0.01,min_kept=2)").Compute(logits, [target]);

        Assert.Equal((Math.Log(3) + Math.Log(1 + 2 / Math.E)) / 2, loss, 1e-12);
        Assert.Equal(2, gradient[0, 0].count_nonzero().ToInt64());
    }

    [Fact]
    public void Compute_Sum_IsTheSumOfItsTerms()
    {
        using var scope = NewDisposeScope();
        var logits = Random(4, 32);
        string[] terms = ["0.5*cross_entropy", "2*dice", "0.25*lovasz", "focal"];

        var (loss, gradient) = Sum(string.Join(" + ", terms)).Compute(logits, Batch());

        var parts = terms.Select(term => Sum(term).Compute(logits, Batch())).ToArray();
        Assert.Equal(parts.Sum(part => part.Loss), loss, 1e-12);
        Assert.InRange((stack(parts.Select(part => part.Gradient), 0).sum([0L]) - gradient).abs().max().ToDouble(), 0, 1e-14);
    }

    private static TrainingTarget Target((int Height, int Width) size)
    {
        var label = TinyScenes.Make(size.Height, size.Height, size.Width).Label;
        return TrainingTarget.Of(label, ImageGeometry.Of(size.Height, size.Width, 64, Preprocessing.Sam), VoidId);
    }

    // Four images, one of them without class 2, one void everywhere.
    private static TrainingTarget[] Batch()
    {
        var targets = new[] { (40, 56), (64, 60), (50, 50) }.Select(Target).Append(OnlyVoid()).ToArray();
        targets[1].Label.Ids.AsSpan().Replace((ushort)2, (ushort)1);
        return targets;
    }

    private static TrainingTarget OnlyVoid()
    {
        var target = Target((40, 56));
        target.Label.Ids.AsSpan().Fill(VoidId);
        return target with { ValidPixels = 0 };
    }

    private static ClassFrequencies Frequencies()
    {
        var frequencies = new ClassFrequencies(Classes, VoidId);
        foreach (var target in Batch())
            frequencies.Add(target.Label);
        return frequencies;
    }

    private static LossSum Sum(string formula) => new(LossOptions.Parse(formula), new LossSetting(Classes, VoidId, s_frequencies));

    // Numbers that no other test's use of torch's generator changes.
    private static Tensor Random(int images, int cells)
    {
        var random = new Random(5);
        var values = new double[images * Classes * cells * cells];
        for (var i = 0; i < values.Length; i++)
            values[i] = 2 * random.NextDouble() - 1;
        return tensor(values, [images, Classes, cells, cells]);
    }
}
