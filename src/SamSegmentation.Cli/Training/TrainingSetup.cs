using System.Text.Json;
using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Settings;
using SamSegmentation.Cli.Settings.Knobs;
using SamSegmentation.ML;
using SamSegmentation.ML.Training;

namespace SamSegmentation.Cli.Training;

/// <summary>Makes the library's training options of the settings.</summary>
internal static class TrainingSetup
{
    /// <summary>Makes the options, with a run folder.</summary>
    /// <param name="loaded">The settings.</param>
    /// <param name="now">Names the run folder when none was given.</param>
    /// <exception cref="ConfigurationException">Some settings exclude each other; all are listed, at their places.</exception>
    public static TrainingOptions Options(LoadedSettings<SamSegSettings> loaded, DateTimeOffset now)
    {
        var problems = new List<ConfigProblem>();
        var options = loaded.Settings.Training with
        {
            RunFolder = loaded.Settings.Training.RunFolder ?? Path.Combine("runs", $"{now:yyyyMMdd-HHmmss}"),
        };
        if (options.Resume && loaded.Settings.Training.RunFolder is null)
            problems.Add(loaded.Problem("run.resume", "expected run.folder with it, found none"));
        var (metric, gain) = (loaded.Settings.EarlyStoppingMetric, loaded.Settings.EarlyStoppingGain);
        if (options.EarlyStopping is { } early)
            options = options with { EarlyStopping = early with { Metric = metric, MinimumGain = gain } };
        else
        {
            if (metric != default)
                problems.Add(loaded.Problem("training.early_stopping_metric", "expected training.early_stopping with it, found none"));
            if (gain > 0)
                problems.Add(loaded.Problem("training.early_stopping_gain", "expected training.early_stopping with it, found none"));
        }
        try
        {
            options = options with { Schedule = loaded.Settings.Schedule.Create() };
        }
        catch (InvalidTrainingOptionsException bad)
        {
            problems.AddRange(bad.Faults.Select(fault => ScheduleProblem(loaded, fault)));
        }
        problems.AddRange(options.FindFaults().Select(fault => Problem(loaded, fault)));
        return problems.Count == 0 ? options : throw new ConfigurationException(problems);
    }

    /// <summary>Checks the settings of augmentation alone, for commands that do not train.</summary>
    /// <param name="loaded">The settings.</param>
    /// <exception cref="ConfigurationException">Some cannot be used; all are listed, at their places.</exception>
    public static void CheckAugmentation(LoadedSettings<SamSegSettings> loaded)
    {
        var faults = loaded.Settings.Training.Augmentation.FindFaults();
        if (faults.Count > 0)
            throw new ConfigurationException([.. faults.Select(fault => Problem(loaded, fault with { Option = $"{nameof(TrainingOptions.Augmentation)}.{fault.Option}" }))]);
    }

    /// <summary>Says what the library found wrong with the options, at the settings' places.</summary>
    /// <param name="loaded">The settings.</param>
    /// <param name="bad">What it found.</param>
    public static ConfigurationException Refused(LoadedSettings<SamSegSettings> loaded, InvalidTrainingOptionsException bad) =>
        new([.. bad.Faults.Select(fault => Problem(loaded, fault))]);

    private static ConfigProblem ScheduleProblem(LoadedSettings<SamSegSettings> loaded, OptionFault fault) =>
        loaded.Problem($"{ScheduleKnobs.Section}.{(fault.Option == "schedule" ? "name" : fault.Option)}", fault.Reason);

    // The fault's option begins with a property's name; what follows is within it.
    private static ConfigProblem Problem(LoadedSettings<SamSegSettings> loaded, OptionFault fault)
    {
        var names = fault.Option.Split('.', '[');
        var property = names[0];
        var knobs = SamSegKnobs.Table.Knobs.Where(knob => knob.Property == property).ToList();
        if (names.Length == 2 && knobs.Find(knob => knob.Key.EndsWith($".{JsonNamingPolicy.SnakeCaseLower.ConvertName(names[1])}", StringComparison.Ordinal)) is { } exact)
            return loaded.Problem(exact.Key, fault.Reason);
        var knob = knobs.FirstOrDefault();
        return knob is null
            ? new ConfigProblem("", fault.Option, fault.Reason)
            : loaded.Problem(knob.Key, fault.Option == property ? fault.Reason : $"{fault.Option[property.Length..]} {fault.Reason}");
    }
}
