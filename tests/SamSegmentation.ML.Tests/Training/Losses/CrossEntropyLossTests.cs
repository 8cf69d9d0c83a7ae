using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Losses;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training.Losses;

public sealed class CrossEntropyLossTests
{
    private const int VoidId = 255;
    private const int Classes = 3;

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
        var looks = new List<(int, long[])>();

        var (loss, gradient) = new CrossEntropyLoss(0.7, VoidId).Compute(logits.detach(), targets, (i, own) => looks.Add((i, own.shape)));

        Assert.Equal(expected.ToDouble(), loss, 1e-6);
        Assert.InRange(((gradient - expectedGradient).norm() / expectedGradient.norm()).ToDouble(), 0, 1e-5);
        Assert.Equal([0, 1, 2, 3], looks.Select(look => look.Item1));
        Assert.Equal(targets.Select(target => new long[] { 1, Classes, target.Label.Height, target.Label.Width }), looks.Select(look => look.Item2));
    }

    [Fact]
    public void Compute_OnlyVoid_IsZeroWithZeroGradients()
    {
        using var scope = NewDisposeScope();
        var target = Target((40, 56));
        target.Label.Ids.AsSpan().Fill(VoidId);

        var (loss, gradient) = new CrossEntropyLoss(0.5, VoidId).Compute(randn(1, Classes, 32, 32), [target with { ValidPixels = 0 }]);

        Assert.Equal(0, loss);
        Assert.Equal(0, gradient.abs().max().ToSingle());
    }

    private static TrainingTarget Target((int Height, int Width) size)
    {
        var label = TinyScenes.Make(size.Height, size.Height, size.Width).Label;
        return TrainingTarget.Of(label, ImageGeometry.Of(size.Height, size.Width, 64, Preprocessing.Sam), VoidId);
    }
}
