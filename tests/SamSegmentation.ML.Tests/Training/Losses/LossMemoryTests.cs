using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Tests.Figures;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Losses;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training.Losses;

/// <summary>Whatever the loss, a batch's logits at the input's size are never in memory at once, but one image's.</summary>
[Collection(LiveTensors.Alone)]
public sealed class LossMemoryTests
{
    private const int Classes = 21;
    private const int Side = 256;
    private const int Cells = 32;
    private const int Many = 8;

    public static TheoryData<string> Formulas { get; } =
    [
        "cross_entropy", "cross_entropy(label_smoothing=0.1)", "focal", "dice", "lovasz", "ohem(min_kept=100)", "cross_entropy + dice + lovasz + ohem",
    ];

    [Theory]
    [MemberData(nameof(Formulas))]
    public void Compute_ABatch_HoldsTheLogitsOfOneImageAtTheInputsSize(string formula) =>
        AssertByImage(formula, (sum, logits, targets) => sum.Compute(logits, targets, (_, _) => { }).Gradient.Dispose());

    [Theory]
    [MemberData(nameof(Formulas))]
    public void Measure_ABatch_HoldsTheLogitsOfOneImageAtTheInputsSize(string formula) =>
        AssertByImage(formula, (sum, logits, targets) => sum.Measure(logits, targets));

    private static void AssertByImage(string formula, Action<LossSum, Tensor, IReadOnlyList<TrainingTarget>> compute)
    {
        var sum = new LossSum(LossOptions.Parse(formula), new LossSetting(Classes, 255, null));
        var (one, many) = (Peak(1), Peak(Many));
        const long Image = 4L * Classes * Side * Side;

        // What an image adds is its cells' gradient, and one number a pixel where images are coupled.
        Assert.True(many - one < Image, $"{one} bytes for one image, {many} for {Many}; an image's logits are {Image}.");

        long Peak(int images)
        {
            using var logits = randn(images, Classes, Cells, Cells);
            TrainingTarget[] targets = [.. Enumerable.Range(0, images).Select(Target)];
            return NativeCounts.Of(() => compute(sum, logits, targets)).Peak;
        }
    }

    private static TrainingTarget Target(int seed)
    {
        var label = new LabelMap(Side, Side);
        var random = new Random(seed);
        for (var i = 0; i < label.Ids.Length; i++)
            label.Ids[i] = (ushort)random.Next(Classes);
        return TrainingTarget.Of(label, ImageGeometry.Of(Side, Side, Side, Preprocessing.Sam), 255);
    }
}
