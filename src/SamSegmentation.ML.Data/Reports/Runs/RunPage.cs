using System.Globalization;
using System.Text.Json;
using SamSegmentation.ML.Reports.Charts;
using SamSegmentation.ML.Reports.Html;
using SamSegmentation.ML.Reports.Images;
using SamSegmentation.ML.Reports.Sections;

namespace SamSegmentation.ML.Reports.Runs;

/// <summary>The page of a training run.</summary>
internal static class RunPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="name">The run's name.</param>
    /// <param name="run">What its log tells.</param>
    /// <param name="images">Its images; null when it keeps none.</param>
    public static string Render(string name, RunRecord run, ReportImages? images)
    {
        var sections = new List<Markup> { Facts.Tiles(Figures(run)) };
        if (run.Ending == RunEnding.Failed)
            sections.Add(Markup.Of($"""<p class="bad">{run.Failure}</p>"""));
        sections.Add(Page.Section("curves", "Curves", Curves(run)));
        if (run.Shown is { } shown)
        {
            var which = $"epoch {shown.Epoch}{(shown.IsBest ? run.Ending == RunEnding.Finished ? ", the best" : ", the best so far" : "")}";
            sections.Add(Page.Section("classes", $"Classes in validation, {which}", ClassTable.Render(shown.Classes)));
            sections.Add(Page.Section("confusion", $"Confusion, {which}", ConfusionMap.Render([.. shown.Classes.Select(one => one.Name)], shown.Confusion)));
        }
        if (images is not null)
            sections.Add(Page.Section("images", $"Validation images, epoch {images.Epoch}", ImageGallery.Render(images)));
        sections.Add(Page.Section("options", "Options", Facts.Render(Facts.Of(run.Start.GetProperty("options")))));
        sections.Add(Page.Section("run", "Run", Facts.Render(Circumstances(run))));
        return Page.Render(name, Subtitle(run), sections);
    }

    // As many as there are colours to tell them apart.
    private const int ClassesInChart = 6;

    private static Markup Curves(RunRecord run)
    {
        var parts = run.Steps.SelectMany(step => step.PartLearningRates.Keys).Distinct().ToArray();
        var worst = (run.Shown?.Classes ?? []).Where(one => one.IoU is not null).OrderBy(one => one.IoU).Take(ClassesInChart).ToArray();
        Chart[] charts =
        [
            new("Loss",
            [
                new Series("validation", Of(epoch => epoch.ValidationLoss)),
                new Series("training, mean of an epoch", Of(epoch => epoch.TrainingLoss)),
                new Series("training, single steps", [.. run.Steps.Select(step => ((double)step.Step, step.Loss))], IsFine: true),
            ]),
            new("mIoU",
            [
                new Series("validation", Of(epoch => epoch.ValidationMeanIoU)),
                new Series("training", Of(epoch => epoch.TrainingMeanIoU)),
            ], highest: 1),
            new($"IoU in validation, the {worst.Length} lowest classes", worst.Select(one => new Series(one.Name, Of(epoch => epoch.ClassIoU.ElementAtOrDefault(one.Id)))), highest: 1),
            new("Learning rate",
            [
                new Series(parts.Length == 0 ? "all parts" : "other parts", [.. run.Steps.Select(step => ((double)step.Step, step.LearningRate))]),
                .. parts.Select(part => new Series(part, [.. run.Steps.Select(step => ((double)step.Step, step.PartLearningRates.GetValueOrDefault(part, double.NaN)))])),
            ]),
        ];
        return Markup.Of($"""
            <div class="charts">
            {charts.Select(chart => chart.Render())}
            </div>
            <p class="quiet">By steps; one epoch {(run.Epochs.Count > 0 ? $"has {run.Epochs[0].Step / run.Epochs[0].Epoch}" : "has not ended yet")}.</p>
            """);

        (double, double)[] Of(Func<EpochRecord, double?> value) =>
            [.. run.Epochs.Where(epoch => value(epoch) is not null).Select(epoch => ((double)epoch.Step, value(epoch)!.Value))];
    }

    private static IEnumerable<(string, string)> Figures(RunRecord run)
    {
        if (run.Shown is { } shown)
        {
            yield return ($"validation mIoU, epoch {shown.Epoch}", Facts.Fraction(shown.MeanIoU));
            yield return ("pixel accuracy", Facts.Fraction(shown.PixelAccuracy));
            yield return ("mean accuracy", Facts.Fraction(shown.MeanAccuracy));
            yield return ("validation loss", Facts.Fraction(shown.Loss));
        }
        yield return ("epochs", $"{run.Epochs.Count}");
        yield return (run.Ending == RunEnding.Open ? "time until the last epoch" : run.Resumed > 0 ? "time, with pauses" : "time", Time(run.LastHeard - run.Began));
    }

    private static IEnumerable<(string, string)> Circumstances(RunRecord run)
    {
        yield return ("began", Moment(run.Began));
        yield return (run.Ending == RunEnding.Open ? "last heard of" : "ended", Moment(run.LastHeard));
        if (run.Resumed > 0)
            yield return ("ended and resumed", $"{run.Resumed} time(s)");
        foreach (var fact in Facts.Of(run.Start.GetProperty("head"), "head").Concat(Facts.Of(run.Start.GetProperty("adapters"), "adapters")))
            yield return fact;
        yield return ("trained tensors", $"{run.Start.GetProperty("trainedParameters").GetArrayLength()}");
        yield return ("cached", run.Start.GetProperty("cached").GetString()!);
        foreach (var set in new[] { "training", "validation" })
        {
            if (run.Start.GetProperty(set) is { ValueKind: JsonValueKind.Object } images)
                yield return ($"{set} images", $"{images.GetProperty("images").GetInt32()}");
        }
        foreach (var version in run.Start.GetProperty("versions").EnumerateObject())
            yield return (version.Name, version.Value.GetString()!);
    }

    private static string Subtitle(RunRecord run) => $"Training run, began {Moment(run.Began)}, " + run.Ending switch
    {
        RunEnding.Finished => "finished.",
        RunEnding.Cancelled => "cancelled.",
        RunEnding.Failed => "ended by an error.",
        _ => $"last heard of {Moment(run.LastHeard)}: it goes on, or was ended from outside.",
    };

    private static string Moment(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Time(TimeSpan span) => span switch
    {
        { TotalHours: >= 1 } => $"{(int)span.TotalHours} h {span.Minutes} min",
        { TotalMinutes: >= 1 } => $"{span.Minutes} min {span.Seconds} s",
        _ => $"{span.Seconds} s",
    };
}
