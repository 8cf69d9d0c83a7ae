using System.Reflection;
using System.Runtime.InteropServices;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Memory;
using SamSegmentation.ML.Reports.Pictures;
using SamSegmentation.ML.Training.Data;
using SamSegmentation.ML.Training.Logging;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Runs;

/// <summary>
/// What a run reports into its folder: TensorBoard events for people, JSON lines for programs. Each line has an
/// <c>event</c>: <c>start</c>, <c>step</c>, <c>epoch</c> and <c>end</c> or <c>failure</c>, <c>resume</c> where a run went on,
/// and <c>memory</c> where it took fewer images at once; docs/training.md lists their keys. Where it ends, a page is made of them.
/// </summary>
internal sealed class RunLog : IDisposable
{
    private readonly JsonLinesLog _lines;
    private readonly TensorBoardWriter _board;
    private readonly RunFolder _folder;
    private readonly TrainingOptions _options;

    /// <param name="folder">The run's folder.</param>
    /// <param name="options">The run's options.</param>
    /// <param name="shownFrom">For a run that goes on, the step from which the events of before are hidden; null for a new one.</param>
    public RunLog(RunFolder folder, TrainingOptions options, long? shownFrom = null)
    {
        (_folder, _options) = (folder, options);
        _lines = new JsonLinesLog(folder.PathOf(RunFolder.LogFile));
        try
        {
            _board = new TensorBoardWriter(folder.Path, shownFrom);
        }
        catch
        {
            _lines.Dispose();
            throw;
        }
    }

    public void Start(SemanticSam model, IReadOnlyList<string> classes, IReadOnlyCollection<string> trained, StoredSet training, StoredSet? validation) =>
        _lines.Write(new
        {
            Event = "start",
            Time = DateTimeOffset.UtcNow,
            Versions = Versions(),
            Options = _options,
            Classes = classes,
            Head = new { Name = model.Head.Kind, model.Head.FeatureBlocks, model.Head.Width },
            Adapters = model.Adapters is not { } adapters ? null : new
            {
                Name = adapters.Kind,
                adapters.LoraRank,
                adapters.LoraAlpha,
                adapters.BottleneckWidth,
                adapters.BottleneckScale,
                adapters.FirstBlock,
            },
            TrainedParameters = trained,
            Cached = _options.DecideCachedInputs().ToString(),
            Training = Summary(training),
            Validation = validation is null ? null : Summary(validation),
        });

    /// <param name="epoch">The epoch.</param>
    /// <param name="step">The run's steps with this one.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="factor">What the schedule multiplied the base rates with.</param>
    public void Step(int epoch, long step, double loss, double factor)
    {
        if ((step - 1) % _options.LogEvery != 0)
            return;
        _lines.Write(new { Event = "step", Epoch = epoch, Step = step, Loss = loss, LearningRate = _options.LearningRate * factor, PartLearningRates = PartRates(factor) });
        Points(step, loss, factor);
    }

    /// <summary>Tells that a run goes on whose log is there.</summary>
    public void Resumed(ResumedRun run) => _lines.Write(new { Event = "resume", Time = DateTimeOffset.UtcNow, run.Epochs, run.Step, run.Warnings });

    /// <summary>Tells that fewer images go through the network at once from a step on.</summary>
    public void Reduced(long step, ReducedBatch batch) =>
        _lines.Write(new { Event = "memory", Time = DateTimeOffset.UtcNow, Step = step, batch.Option, batch.From, batch.To, batch.Reason });

    /// <summary>Shows a step again whose events are hidden, because its epoch's validation, with the same number, is still to come.</summary>
    /// <inheritdoc cref="Step"/>
    public void ShowAgain(long step, double loss, double factor)
    {
        if ((step - 1) % _options.LogEvery == 0)
            Points(step, loss, factor);
    }

    public void Picture(string id, RgbImage picture, long step) => _board.AddImage($"eval/images/{id}", picture, step);

    /// <param name="epoch">What it came to.</param>
    /// <param name="images">The images of its validation; null when it was not validated, or images are not looked at.</param>
    public void Epoch(EpochMetrics epoch, ValidationImages? images)
    {
        _lines.Write(new
        {
            Event = "epoch",
            Time = DateTimeOffset.UtcNow,
            epoch.Epoch,
            epoch.Step,
            epoch.LearningRate,
            epoch.TrainingLoss,
            Training = Summary(epoch.Training),
            epoch.ValidationLoss,
            Validation = Summary(epoch.Validation),
            epoch.IsBest,
            WorstImages = images?.Worst.Select(image => new { image.Id, image.MeanIoU }),
            BestImages = images?.Best.Select(image => new { image.Id, image.MeanIoU }),
            ConfusionMatrix = epoch.Validation is { } validated && validated.ClassNames.Count <= ConfusionPicture.MaxClasses ? validated.ConfusionMatrix : null,
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
            if (metrics.ClassNames.Count <= ConfusionPicture.MaxClasses)
                _board.AddImage("eval/confusion", ConfusionPicture.Draw(metrics.ClassNames, metrics.ConfusionMatrix), epoch.Step);
        }
        _board.Flush();
    }

    public void End(TrainingResult result)
    {
        _lines.Write(new { Event = "end", Time = DateTimeOffset.UtcNow, result.Cancelled, result.Steps, Epochs = result.Epochs.Count, result.BestEpoch });
        _folder.WriteReport();
    }

    public void Failure(Exception error)
    {
        try
        {
            _lines.Write(new { Event = "failure", Time = DateTimeOffset.UtcNow, Error = error.GetType().Name, error.Message });
            _folder.WriteReport();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // A log that cannot be written, as on a full disk, must not hide what went wrong before.
        }
    }

    public void Dispose()
    {
        _board.Dispose();
        _lines.Dispose();
    }

    private void Points(long step, double loss, double factor)
    {
        _board.AddScalar("train/loss", loss, step);
        _board.AddScalar("train/lr", _options.LearningRate * factor, step);
        foreach (var (part, rate) in PartRates(factor))
            _board.AddScalar($"train/lr/{part}", rate, step);
    }

    private Dictionary<string, double> PartRates(double factor) =>
        _options.Parts.ToDictionary(part => part.Key, part => (part.Value.LearningRate ?? _options.LearningRate) * factor);

    private void Means(string group, SegmentationMetrics? metrics, long step)
    {
        if (metrics is null)
            return;
        _board.AddScalar($"{group}/mIoU", metrics.MeanIoU, step);
        _board.AddScalar($"{group}/mIoU_fg", metrics.ForegroundMeanIoU, step);
    }

    private static object Summary(StoredSet set) => new { Images = set.Count, set.Views, set.Computed, set.Damaged };

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
        PerClassIoU = ByName(metrics, metrics.PerClassIoU),
        PerClassAccuracy = ByName(metrics, metrics.PerClassAccuracy),
        PerClassPixels = ByName(metrics, metrics.PerClassPixels),
    };

    private static Dictionary<string, T> ByName<T>(SegmentationMetrics metrics, IReadOnlyList<T> values) =>
        metrics.ClassNames.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);

    private static Dictionary<string, string> Versions() => new()
    {
        ["SamSegmentation.ML"] = typeof(RunLog).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        ["libtorch"] = __version__,
        [".NET"] = Environment.Version.ToString(),
        ["system"] = RuntimeInformation.OSDescription,
    };
}
