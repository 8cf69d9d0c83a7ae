using SamSegmentation.Bench.Measuring;
using SamSegmentation.Bench.Parts;
using SamSegmentation.Bench.Subjects;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.Bench.Measures;

/// <summary>The confusion matrix, and the mIoU of predictions that lie on disk.</summary>
internal sealed class EvaluationMeasure : IMeasure
{
    // As many as VOC 2012's validation set; files are few, so that making them does not take longer than reading them all.
    private const int VocImages = 1449;
    private const int Files = 16;

    public string Name => "evaluation";

    public IReadOnlyList<Figure> Run(Effort effort)
    {
        var seconds = PartRun.Seconds<EvaluationParts>(effort);
        return
        [
            Counting("confusion matrix, one thread", nameof(EvaluationParts.Count)),
            Counting("confusion matrix of noise, one thread", nameof(EvaluationParts.CountNoise)),
            Dataset(effort),
        ];

        Figure Counting(string name, string part) => new(name, EvaluationParts.Pixels / seconds[part] / 1e6, "megapixels/s")
        {
            Ratio = seconds[part] / seconds[nameof(EvaluationParts.Copy)],
            To = "copying the ids",
            Goal = Goal.ValueAtLeast(300),
        };
    }

    private static Figure Dataset(Effort effort)
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < Files; i++)
            LabelMapPng.SaveGray(BenchScenes.Label(i), folder.File($"{i}.png"));
        var images = effort == Effort.Smallest ? Files : VocImages;
        var timings = Interleaved.Time(
            1,
            () =>
            {
                var matrix = new ConfusionMatrix(BenchNetwork.Classes);
                for (var i = 0; i < images; i++)
                {
                    var truth = LabelMapPng.Load(folder.File($"{i % Files}.png")).Ids;
                    // Another image's label: wrong in many places, as predictions are.
                    var prediction = LabelMapPng.Load(folder.File($"{(i + 1) % Files}.png")).Ids;
                    // Void is no prediction.
                    prediction.AsSpan().Replace((ushort)255, (ushort)0);
                    matrix.Add(truth, prediction);
                }
                if (!(matrix.ToMetrics().MeanIoU > 0))
                    throw new InvalidOperationException("The predictions have no mIoU.");
            },
            () =>
            {
                for (var i = 0; i < images; i++)
                    LabelMapPng.Load(folder.File($"{i % Files}.png"));
            });
        return new Figure($"mIoU of {images} predictions on disk", timings[0].Wall, "s") { Goal = Goal.ValueAtMost(10) }.Over(timings[0], timings[1] * 2, "reading both PNG files");
    }
}
