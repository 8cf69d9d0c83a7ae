using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Logging;

namespace SamSegmentation.ML.Training.Runs;

/// <summary>
/// What a run reports into its folder: TensorBoard events for people, JSON lines for programs. Each line has an
/// <c>event</c>: <c>start</c>, <c>step</c>, <c>epoch</c> and <c>end</c> or <c>failure</c>.
/// </summary>
internal sealed class RunLog : IDisposable
{
    private readonly JsonLinesLog _lines;
    private readonly TensorBoardWriter _board;
    private readonly int _every;

    public RunLog(RunFolder folder, TrainingOptions options)
    {
        _every = options.LogEvery;
        _lines = new JsonLinesLog(folder.PathOf(RunFolder.LogFile));
        try
        {
            _board = new TensorBoardWriter(folder.Path);
        }
        catch
        {
            _lines.Dispose();
            throw;
        }
    }

    public void Start(TrainingOptions options, IReadOnlyList<string> classes, IReadOnlyCollection<string> trained, StoredSet training, StoredSet? validation) =>
        _lines.Write(new
        {
            Event = "start",
            Options = options,
            Classes = classes,
            TrainedParameters = trained,
            Cached = options.DecideCachedInputs().ToString(),
            Training = Summary(training),
            Validation = validation is null ? null : Summary(validation),
        });

    public void Step(int epoch, long step, double loss, double learningRate)
    {
        if ((step - 1) % _every != 0)
            return;
        _lines.Write(new { Event = "step", Epoch = epoch, Step = step, Loss = loss, LearningRate = learningRate });
        _board.AddScalar("train/loss", loss, step);
        _board.AddScalar("train/lr", learningRate, step);
    }

    public void Picture(string id, RgbImage picture, long step) => _board.AddImage($"eval/images/{id}", picture, step);

    public void Epoch(EpochMetrics epoch)
    {
        _lines.Write(new
        {
            Event = "epoch",
            epoch.Epoch,
            epoch.Step,
            epoch.LearningRate,
            epoch.TrainingLoss,
            Training = Summary(epoch.Training),
            epoch.ValidationLoss,
            Validation = Summary(epoch.Validation),
            epoch.IsBest,
        });
        Means("train", epoch.Training, epoch.Step);
        if (epoch.ValidationLoss is { } loss)
            _board.AddScalar("eval/loss", loss, epoch.Step);
        Means("eval", epoch.Validation, epoch.Step);
        if (epoch.Validation is { } metrics)
        {
            foreach (var (name, iou) in metrics.ClassNames.Zip(metrics.PerClassIoU))
            {
                if (iou is { } value)
                    _board.AddScalar($"eval/IoU/{name}", value, epoch.Step);
            }
        }
        _board.Flush();
    }

    public void End(TrainingResult result) =>
        _lines.Write(new { Event = "end", result.Cancelled, result.Steps, Epochs = result.Epochs.Count, result.BestEpoch });

    public void Failure(Exception error) => _lines.Write(new { Event = "failure", Error = error.GetType().Name, error.Message });

    public void Dispose()
    {
        _board.Dispose();
        _lines.Dispose();
    }

    private void Means(string group, SegmentationMetrics? metrics, long step)
    {
        if (metrics is null)
            return;
        _board.AddScalar($"{group}/mIoU", metrics.MeanIoU, step);
        _board.AddScalar($"{group}/mIoU_fg", metrics.ForegroundMeanIoU, step);
    }

    private static object Summary(StoredSet set) => new { Images = set.Samples.Count, set.Computed, set.Damaged };

    private static object? Summary(SegmentationMetrics? metrics) => metrics is null ? null : new
    {
        metrics.MeanIoU,
        metrics.ForegroundMeanIoU,
        metrics.ClassesCounted,
        metrics.PixelAccuracy,
        metrics.MeanAccuracy,
        metrics.FrequencyWeightedIoU,
        metrics.MeanDice,
        metrics.Pixels,
        PerClassIoU = metrics.ClassNames.Zip(metrics.PerClassIoU).ToDictionary(pair => pair.First, pair => pair.Second),
    };
}
