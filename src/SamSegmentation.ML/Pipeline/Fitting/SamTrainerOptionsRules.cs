using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Training;

namespace SamSegmentation.ML.Pipeline.Fitting;

/// <summary>What <see cref="SamTrainerOptions"/> exclude of each other, and the ranges that training itself knows.</summary>
internal static class SamTrainerOptionsRules
{
    public static IReadOnlyList<OptionFault> FindFaults(SamTrainerOptions options)
    {
        var faults = new List<OptionFault>();
        CheckNetwork();
        CheckClasses();
        CheckValidation();
        CheckColumns();
        if ((options.Outputs & ~SegmentationOutputs.All) != 0)
            faults.Add(nameof(options.Outputs), $"is {options.Outputs}; it must be some of {string.Join(", ", Enum.GetNames<SegmentationOutputs>())}.");
        faults.AddWithin(nameof(options.Inference), options.Inference?.FindFaults() ?? []);
        CheckTraining();
        return faults;

        void CheckNetwork()
        {
            if (options is { Checkpoint: null, Variant: null, Config: null })
                faults.Add(nameof(options.Checkpoint), $"is missing; name a checkpoint, or a {nameof(options.Variant)} or {nameof(options.Config)} to train from scratch.");
            faults.MustNotBeBlank(nameof(options.Checkpoint), options.Checkpoint);
            if (options.Variant is { } variant)
                faults.MustBeDefined(nameof(options.Variant), variant);
            if (options is { Variant: not null, Config: not null })
                faults.Add(nameof(options.Config), $"excludes {nameof(options.Variant)}; give one of them.");
            foreach (var fault in options.Config?.FindFaults() ?? [])
                faults.Add(nameof(options.Config), fault);
            foreach (var fault in options.Head?.FindFaults(options.Variant is not null && options.Config is not null ? null : ConfigOf(options)) ?? [])
                faults.Add(nameof(options.Head), fault);
            if (options is { SaveEncoder: false, Checkpoint: null })
                faults.Add(nameof(options.SaveEncoder), $"is false; that needs a {nameof(options.Checkpoint)}, which holds the encoder.");
            if (options is { SaveEncoder: false, Trained: TrainedParts.Everything })
                faults.Add(nameof(options.SaveEncoder), $"is false; with {nameof(options.Trained)} = {TrainedParts.Everything} the encoder is no longer the checkpoint's.");
        }

        void CheckClasses()
        {
            if (options.ClassNames is not { } names)
                return;
            try
            {
                _ = new ClassList(names);
            }
            catch (ArgumentException e)
            {
                faults.Add(nameof(options.ClassNames), e.Message);
            }
        }

        void CheckValidation()
        {
            if (options.ValidationSetFraction is { } fraction && !(fraction > 0 && fraction < 1))
                faults.Add(nameof(options.ValidationSetFraction), FormattableString.Invariant($"is {fraction}; it must be greater than 0 and less than 1."));
            if (options is { ValidationSet: not null, ValidationSetFraction: not null })
                faults.Add(nameof(options.ValidationSetFraction), $"excludes {nameof(options.ValidationSet)}; give one of them.");
            if (options is { EarlyStopping: not null, ValidationSet: null, ValidationSetFraction: null })
                faults.Add(nameof(options.EarlyStopping), $"needs a {nameof(options.ValidationSet)} or {nameof(options.ValidationSetFraction)}.");
            if (options is { KeepTop: > 0, ValidationSet: null, ValidationSetFraction: null })
                faults.Add(nameof(options.KeepTop), $"is {options.KeepTop}; that needs a {nameof(options.ValidationSet)} or {nameof(options.ValidationSetFraction)}.");
        }

        void CheckColumns()
        {
            foreach (var twice in ColumnsOf(options).OutputNames.Where(name => !string.IsNullOrEmpty(name)).GroupBy(name => name).Where(same => same.Count() > 1))
                faults.Add(nameof(options.PredictedLabelColumnName), $"and {twice.Count() - 1} other output(s) have the same name '{twice.Key}'.");
        }

        void CheckTraining()
        {
            if (options is { Schedule: not null, ScheduleName: not null })
                faults.Add(nameof(options.ScheduleName), $"excludes {nameof(options.Schedule)}; give one of them.");
            if (options is { ScheduleSettings: not null, ScheduleName: null })
                faults.Add(nameof(options.ScheduleSettings), $"need a {nameof(options.ScheduleName)}.");
            try
            {
                // The device is the context's matter when the options name none.
                var training = TrainingOptionsOf(options, seed: 0, options.Device ?? "cpu");
                // A checkpoint's own head is looked at when it is opened.
                foreach (var fault in training.FindFaults().Concat(options.Head is { } head ? TrainingOptionsRules.FindFaults(training, head) : []))
                    faults.Add(fault.Option == nameof(TrainingOptions.RunFolder) ? nameof(options.WorkspacePath) : fault.Option, fault.Reason);
            }
            catch (InvalidTrainingOptionsException e)
            {
                foreach (var fault in e.Faults)
                    faults.Add(fault.Option == "schedule" ? nameof(options.ScheduleName) : $"{nameof(options.ScheduleSettings)}[{fault.Option}]", fault.Reason);
            }
        }
    }

    /// <summary>The columns of the trained model.</summary>
    public static SegmentationColumns ColumnsOf(SamTrainerOptions options) => new()
    {
        Image = options.ImageColumnName,
        PredictedLabel = options.PredictedLabelColumnName,
        PredictedHeight = options.PredictedHeightColumnName,
        PredictedWidth = options.PredictedWidthColumnName,
        Score = options.ScoreColumnName,
        PredictedMaskImage = options.PredictedMaskImageColumnName,
        PredictedOverlay = options.PredictedOverlayColumnName,
        Outputs = options.Outputs,
    };

    /// <summary>The dimensions that are asked for; null when the checkpoint decides.</summary>
    public static SamConfig? ConfigOf(SamTrainerOptions options) => options.Variant switch
    {
        SamVariant.VitB => SamConfig.VitB,
        SamVariant.VitL => SamConfig.VitL,
        SamVariant.VitH => SamConfig.VitH,
        _ => options.Config,
    };

    /// <summary>The options of the training itself.</summary>
    /// <exception cref="InvalidTrainingOptionsException">The named schedule cannot be made.</exception>
    public static TrainingOptions TrainingOptionsOf(SamTrainerOptions options, int seed, string device) => new()
    {
        Trained = options.Trained,
        Adapters = options.Adapters,
        Epochs = options.Epochs,
        BatchSize = options.BatchSize,
        MicroBatchSize = options.MicroBatchSize,
        Optimizer = options.Optimizer,
        LearningRate = options.LearningRate,
        WeightDecay = options.WeightDecay,
        Momentum = options.Momentum,
        Nesterov = options.Nesterov,
        Beta1 = options.Beta1,
        Beta2 = options.Beta2,
        Schedule = options.Schedule
            ?? (options.ScheduleName is { } name ? Training.Schedules.ScheduleFactory.Create(name, options.ScheduleSettings) : TrainingOptions.Default.Schedule),
        Parts = options.Parts,
        Loss = options.Loss,
        ClippingNorm = options.ClippingNorm,
        EmaDecay = options.EmaDecay,
        Preprocessing = options.Preprocessing,
        Augmentation = options.Augmentation,
        Seed = seed,
        ValidateEvery = options.ValidateEvery,
        MeasureTraining = options.MeasureTraining,
        KeepBest = options.KeepBest,
        KeepTop = options.KeepTop,
        KeepTopMetric = options.KeepTopMetric,
        EarlyStopping = options.EarlyStopping,
        RunFolder = options.WorkspacePath,
        Resume = options.Resume,
        CheckpointEvery = options.CheckpointEvery,
        // The model is saved by the context, where and when its user wants.
        SaveModel = false,
        ImagesLogged = options.ImagesLogged,
        ReportImages = options.ReportImages,
        LogEvery = options.LogEvery,
        CacheFolder = options.CacheFolder,
        ReuseCache = options.ReuseCache,
        EmbeddingDType = options.EmbeddingDType,
        EncoderBatchSize = options.EncoderBatchSize,
        EncoderPrecision = options.EncoderPrecision,
        Device = device,
        ThreadCount = options.ThreadCount,
    };
}
