using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Tests.Golden;
using Xunit;

namespace SamSegmentation.ML.Tests.Evaluation;

public class SegmentationMetricsTests
{
    [Fact]
    public void ToMetrics_HandComputedMap_GivesThoseValues()
    {
        // truth 0 0 0 1 1 3, prediction 0 0 1 1 0 1; class 2 nowhere, class 3 never predicted.
        var matrix = new ConfusionMatrix(4);
        matrix.Add(new ushort[] { 0, 0, 0, 1, 1, 3, 255 }, new ushort[] { 0, 0, 1, 1, 0, 1, 2 });

        var metrics = matrix.ToMetrics(["ground", "cat", "dog", "cow"]);

        Assert.Equal([2.0 / 4, 1.0 / 4, null, 0.0], metrics.PerClassIoU);
        Assert.Equal([4.0 / 6, 2.0 / 5, null, 0.0], metrics.PerClassDice);
        Assert.Equal([2.0 / 3, 1.0 / 2, null, 0.0], metrics.PerClassAccuracy);
        Assert.Equal([3, 2, 0, 1], metrics.PerClassPixels);
        Assert.Equal(3, metrics.ClassesCounted);
        Assert.Equal(6, metrics.Pixels);
        Assert.Equal((0.5 + 0.25 + 0) / 3, metrics.MeanIoU, 1e-15);
        Assert.Equal((0.25 + 0) / 2, metrics.ForegroundMeanIoU, 1e-15);
        Assert.Equal((4.0 / 6 + 2.0 / 5) / 3, metrics.MeanDice, 1e-15);
        Assert.Equal((2.0 / 3 + 1.0 / 2) / 3, metrics.MeanAccuracy, 1e-15);
        Assert.Equal(3.0 / 6, metrics.PixelAccuracy, 1e-15);
        Assert.Equal((3 * 0.5 + 2 * 0.25) / 6, metrics.FrequencyWeightedIoU, 1e-15);
        Assert.Equal([2, 1, 0, 0], metrics.ConfusionMatrix[0]);
        Assert.Equal(["ground", "cat", "dog", "cow"], metrics.ClassNames);
    }

    [Fact]
    public void ToMetrics_PerfectPrediction_IsOneEverywhere()
    {
        var matrix = new ConfusionMatrix(3);
        matrix.Add(new byte[] { 0, 1, 2, 2 }, new byte[] { 0, 1, 2, 2 });
        var metrics = matrix.ToMetrics();

        Assert.Equal(
            [1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
            [metrics.MeanIoU, metrics.ForegroundMeanIoU, metrics.MeanDice, metrics.MeanAccuracy, metrics.PixelAccuracy, metrics.FrequencyWeightedIoU]);
    }

    [Fact]
    public void ToMetrics_NothingCounted_IsNaN()
    {
        var matrix = new ConfusionMatrix(3);
        matrix.Add(new byte[] { 255 }, new byte[] { 1 });
        var metrics = matrix.ToMetrics();

        Assert.Equal(0, metrics.ClassesCounted);
        Assert.Equal(double.NaN, metrics.MeanIoU);
        Assert.Equal(double.NaN, metrics.PixelAccuracy);
        Assert.Equal(double.NaN, metrics.FrequencyWeightedIoU);
        Assert.All(metrics.PerClassIoU, iou => Assert.Null(iou));
        Assert.DoesNotContain("NaN", metrics.ToTable());
    }

    [Fact]
    public void ToMetrics_LaterAdd_DoesNotChangeIt()
    {
        var matrix = new ConfusionMatrix(2);
        matrix.Add(new byte[] { 0, 1 }, new byte[] { 0, 1 });
        var metrics = matrix.ToMetrics();
        matrix.Add(new byte[] { 0, 1 }, new byte[] { 1, 0 });

        Assert.Equal(2, metrics.Pixels);
        Assert.Equal(1.0, metrics.MeanIoU);
        Assert.Equal(1, metrics.ConfusionMatrix[0][0]);
        Assert.Equal(4, matrix.Pixels);
    }

    [Fact]
    public void ToMetrics_WrongNumberOfNames_Throws() =>
        Assert.Contains(
            "Expected 3 class names, found 2",
            Assert.Throws<ArgumentException>(() => new ConfusionMatrix(3).ToMetrics(["a", "b"])).Message);

    [Fact]
    public void ToMetrics_GoldenMaps_EqualsGolden()
    {
        byte[] truth = GoldenParts.Tensor("metrics.safetensors", "truth").Data;
        byte[] prediction = GoldenParts.Tensor("metrics.safetensors", "prediction").Data;
        var (shape, confusion) = GoldenParts.Tensor("metrics.safetensors", "confusion");
        var golden = GoldenParts.Json("metrics.json");
        int classes = shape[0];

        var matrix = new ConfusionMatrix(classes);
        matrix.Add(truth, prediction);
        var metrics = matrix.ToMetrics();

        for (int cell = 0; cell < classes * classes; cell++)
        {
            Assert.Equal(
                BinaryPrimitives.ReadInt64LittleEndian(confusion.AsSpan(cell * 8)),
                metrics.ConfusionMatrix[cell / classes][cell % classes]);
        }
        Assert.Equal(golden.GetProperty("classes_counted").GetInt32(), metrics.ClassesCounted);
        Assert.Equal(classes, golden.GetProperty("per_class_iou").GetArrayLength());
        foreach (var (expected, actual) in golden.GetProperty("per_class_iou").EnumerateArray().Zip(metrics.PerClassIoU))
        {
            Assert.Equal(expected.ValueKind == System.Text.Json.JsonValueKind.Null, actual is null);
            if (actual is { } value)
                Assert.Equal(expected.GetDouble(), value, 1e-12);
        }
        Assert.Equal(golden.GetProperty("mean_iou").GetDouble(), metrics.MeanIoU, 1e-12);
        Assert.Equal(golden.GetProperty("foreground_mean_iou").GetDouble(), metrics.ForegroundMeanIoU, 1e-12);
        Assert.Equal(golden.GetProperty("pixel_accuracy").GetDouble(), metrics.PixelAccuracy, 1e-12);
        Assert.Equal(golden.GetProperty("mean_accuracy").GetDouble(), metrics.MeanAccuracy, 1e-12);
        Assert.Equal(golden.GetProperty("frequency_weighted_iou").GetDouble(), metrics.FrequencyWeightedIoU, 1e-12);
        Assert.Equal(golden.GetProperty("mean_dice").GetDouble(), metrics.MeanDice, 1e-12);
        // The reference scores an absent class 0, so that its means are over all classes; in per cent.
        double sum = metrics.PerClassIoU.Sum(iou => iou ?? 0);
        double foreground = metrics.PerClassIoU.Skip(1).Sum(iou => iou ?? 0);
        Assert.Equal(golden.GetProperty("reference_get")[0].GetDouble(), 100 * sum / classes, 1e-9);
        Assert.Equal(golden.GetProperty("reference_get")[1].GetDouble(), 100 * foreground / (classes - 1), 1e-9);
    }

    [Fact]
    public void ToMetrics_RandomMaps_EqualsSlowImplementation()
    {
        var maps =
            from classes in Gen.Choose(1, 12)
            from ignored in Gen.Elements(255, -1, 0, 3)
            from length in Gen.Choose(0, 90)
            from present in Gen.Choose(1, classes)
            from truth in Gen.Choose(0, present - 1).ArrayOf(length)
            from voids in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(ignored == 255))).ArrayOf(length)
            from prediction in Gen.Choose(0, classes - 1).ArrayOf(length)
            select (classes, ignored, truth: truth.Select((id, i) => (ushort)(voids[i] ? 255 : id)).ToArray(),
                prediction: prediction.Select(id => (ushort)id).ToArray());

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(1, 3),
            Prop.ForAll(maps.ToArbitrary(), map =>
            {
                var matrix = new ConfusionMatrix(map.classes, map.ignored);
                matrix.Add(map.truth, map.prediction);
                var metrics = matrix.ToMetrics();
                var slow = new SlowMetrics(map.truth, map.prediction, map.classes, map.ignored);
                Assert.Equal(slow.IoU, metrics.PerClassIoU);
                Assert.Equal(slow.Dice, metrics.PerClassDice);
                Assert.Equal(slow.Accuracy, metrics.PerClassAccuracy);
                Assert.Equal(SlowMetrics.Mean(slow.IoU), metrics.MeanIoU, 1e-12);
                Assert.Equal(SlowMetrics.Mean(slow.IoU.Skip(1)), metrics.ForegroundMeanIoU, 1e-12);
                Assert.Equal(SlowMetrics.Mean(slow.Dice), metrics.MeanDice, 1e-12);
                Assert.Equal(SlowMetrics.Mean(slow.Accuracy), metrics.MeanAccuracy, 1e-12);
                Assert.Equal(slow.PixelAccuracy, metrics.PixelAccuracy, 1e-12);
                Assert.Equal(slow.FrequencyWeightedIoU, metrics.FrequencyWeightedIoU, 1e-12);
                Assert.Equal(slow.IoU.Count(iou => iou is not null), metrics.ClassesCounted);
            }));
    }

    [Fact]
    public void ToMetrics_MorePixelsThanAnInt_KeepsTheFractions()
    {
        // VOC's training set has 2.6·10⁸ pixels; a hundred times that must count as well.
        var matrix = new ConfusionMatrix(3);
        matrix.Add(new byte[] { 0, 0, 0, 1, 2, 255 }, new byte[] { 0, 0, 1, 1, 0, 0 });
        for (int doubling = 0; doubling < 40; doubling++)
            matrix.Merge(matrix);

        var metrics = matrix.ToMetrics();

        Assert.Equal(5L << 40, metrics.Pixels);
        Assert.Equal(1L << 40, matrix.IgnoredPixels);
        Assert.Equal(2L << 40, metrics.ConfusionMatrix[0][0]);
        Assert.Equal([3L << 40, 1L << 40, 1L << 40], metrics.PerClassPixels);
        Assert.Equal([2.0 / 4, 1.0 / 2, 0.0], metrics.PerClassIoU);
        Assert.Equal(3.0 / 5, metrics.PixelAccuracy, 1e-15);
        Assert.Equal((3 * 0.5 + 1 * 0.5) / 5, metrics.FrequencyWeightedIoU, 1e-15);
    }

    [Theory]
    [InlineData(256, 65535)]
    [InlineData(257, 65535)]
    [InlineData(1000, 65535)]
    [InlineData(1000, 255)]
    public void ToMetrics_WideIds_EqualsSlowImplementation(int classes, int ignored)
    {
        var random = new Random(classes);
        var truth = new ushort[5000];
        var prediction = new ushort[truth.Length];
        for (int i = 0; i < truth.Length; i++)
        {
            truth[i] = (ushort)(i % 7 == 0 ? ignored : random.Next(classes));
            // Right more often than not; where the truth is void, any number.
            prediction[i] = (ushort)(truth[i] >= classes ? random.Next(65536) : random.Next(3) > 0 ? truth[i] : random.Next(classes));
        }
        var matrix = new ConfusionMatrix(classes, ignored);
        matrix.Add(truth, prediction);

        var metrics = matrix.ToMetrics();

        var slow = new SlowMetrics(truth, prediction, classes, ignored);
        Assert.Equal(slow.IoU, metrics.PerClassIoU);
        Assert.Equal(slow.Accuracy, metrics.PerClassAccuracy);
        Assert.Equal(SlowMetrics.Mean(slow.IoU), metrics.MeanIoU, 1e-12);
        Assert.Equal(slow.PixelAccuracy, metrics.PixelAccuracy, 1e-12);
    }

    [Fact]
    public void ToTable_SmallMatrix_IsAligned()
    {
        var matrix = new ConfusionMatrix(3);
        matrix.Add(new byte[] { 0, 0, 0, 1 }, new byte[] { 0, 0, 1, 1 });

        Assert.Equal(
            """
            id  class         IoU    Dice  accuracy   pixels
             0  ground     0.6667  0.8000    0.6667  75.00 %
             1  aeroplane  0.5000  0.6667    1.0000  25.00 %
             2  cat             -       -         -   0.00 %

            mean IoU                0.5833
            foreground mean IoU     0.5000
            mean Dice               0.7333
            mean accuracy           0.8333
            pixel accuracy          0.7500
            frequency-weighted IoU  0.6250
            2 of 3 classes counted; 1 neither present nor predicted

            """.ReplaceLineEndings("\n"),
            matrix.ToMetrics(["ground", "aeroplane", "cat"]).ToTable());
    }

    [Fact]
    public void ToString_Always_NamesClassesCounted()
    {
        var matrix = new ConfusionMatrix(3);
        matrix.Add(new byte[] { 0, 1 }, new byte[] { 0, 1 });
        Assert.Equal("mIoU 1.0000 over 2 of 3 classes, pixel accuracy 1.0000", matrix.ToMetrics().ToString());
    }
}
