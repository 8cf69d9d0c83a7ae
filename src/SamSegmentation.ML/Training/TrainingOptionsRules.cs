using SamSegmentation.ML.Modeling.Heads;

namespace SamSegmentation.ML.Training;

/// <summary>The ranges of <see cref="TrainingOptions"/>, and which options exclude each other.</summary>
internal static class TrainingOptionsRules
{
    /// <summary>What of the options does not go with a network's head.</summary>
    public static IEnumerable<OptionFault> FindFaults(TrainingOptions options, HeadConfig head)
    {
        if (options.Trained == TrainedParts.Hypernetworks && (head.Kind != HeadKind.MaskDecoder || head.FeatureBlocks.Count > 0))
            yield return new OptionFault(nameof(options.Trained), $"is {TrainedParts.Hypernetworks}; that needs the head {HeadConfig.Default}, the network's is {head}.");
    }

    public static IReadOnlyList<OptionFault> FindFaults(TrainingOptions options)
    {
        var faults = new List<OptionFault>();
        MustBeDefined(nameof(options.Trained), options.Trained);
        CheckAdapters();
        MustBeAtLeast(nameof(options.Epochs), options.Epochs, 1);
        MustBeAtLeast(nameof(options.BatchSize), options.BatchSize, 1);
        if (options.MicroBatchSize is { } images)
            MustBeAtLeast(nameof(options.MicroBatchSize), images, 1);
        MustBeDefined(nameof(options.Optimizer), options.Optimizer);
        MustBePositive(nameof(options.LearningRate), options.LearningRate);
        MustNotBeNegative(nameof(options.WeightDecay), options.WeightDecay);
        CheckOptimizer();
        foreach (var fault in options.Schedule.FindFaults())
            Add($"{nameof(options.Schedule)}.{fault.Option}", fault.Reason);
        CheckParts();
        foreach (var fault in options.Loss.FindFaults())
            Add($"{nameof(options.Loss)}.{fault.Option}", fault.Reason);
        if (options.ClippingNorm is { } norm)
            MustBePositive(nameof(options.ClippingNorm), norm);
        if (options.EmaDecay is { } decay)
            MustBeDecay(nameof(options.EmaDecay), decay);
        MustBeDefined(nameof(options.Preprocessing), options.Preprocessing);
        CheckAugmentation();
        MustBeAtLeast(nameof(options.ValidateEvery), options.ValidateEvery, 1);
        if (options.EarlyStopping is { } stopping)
        {
            MustBeAtLeast($"{nameof(options.EarlyStopping)}.{nameof(stopping.Patience)}", stopping.Patience, 1);
            MustBeDefined($"{nameof(options.EarlyStopping)}.{nameof(stopping.Metric)}", stopping.Metric);
            var gain = $"{nameof(options.EarlyStopping)}.{nameof(stopping.MinimumGain)}";
            if (stopping.Metric == ValidationMetric.Loss)
                MustNotBeNegative(gain, stopping.MinimumGain);
            else
                MustBeDecay(gain, stopping.MinimumGain);
        }
        MustBeAtLeast(nameof(options.KeepTop), options.KeepTop, 0);
        MustBeDefined(nameof(options.KeepTopMetric), options.KeepTopMetric);
        if (options is { KeepTop: > 0, RunFolder: null })
            Add(nameof(options.KeepTop), $"is {options.KeepTop}; checkpoints need a folder, and none is given.");
        if (options is { KeepTop: 0, KeepTopMetric: not ValidationMetric.MeanIoU })
            Add(nameof(options.KeepTopMetric), $"is {options.KeepTopMetric}; that needs {nameof(options.KeepTop)}.");
        MustNotBeBlank(nameof(options.RunFolder), options.RunFolder);
        if (options.Resume && options.RunFolder is null)
            Add(nameof(options.Resume), "needs the folder of the run that goes on; none is given.");
        if (options.CheckpointEvery is { } steps)
            MustBeAtLeast(nameof(options.CheckpointEvery), steps, 0);
        if (options is { Resume: true, CheckpointEvery: 0 })
            Add(nameof(options.CheckpointEvery), $"is 0, so that the run could not be resumed; that does not go with {nameof(options.Resume)}.");
        MustBeAtLeast(nameof(options.ImagesLogged), options.ImagesLogged, 0);
        MustBeAtLeast(nameof(options.ReportImages), options.ReportImages, 0);
        MustBeAtLeast(nameof(options.LogEvery), options.LogEvery, 1);
        MustNotBeBlank(nameof(options.CacheFolder), options.CacheFolder);
        MustBeDefined(nameof(options.EmbeddingDType), options.EmbeddingDType);
        if (options.EncoderBatchSize is { } encoded)
            MustBeAtLeast(nameof(options.EncoderBatchSize), encoded, 1);
        MustBeDefined(nameof(options.EncoderPrecision), options.EncoderPrecision);
        if (!DeviceName.IsValid(options.Device))
            Add(nameof(options.Device), $"'{options.Device}' is not a device; expected auto, cpu, cuda or cuda:N.");
        if (options.ThreadCount is { } threads)
            MustBeAtLeast(nameof(options.ThreadCount), threads, 1);
        return faults;

        void Add(string option, string reason) => faults.Add(new OptionFault(option, reason));

        void MustBeAtLeast(string option, int value, int least)
        {
            if (value < least)
                Add(option, $"is {value}; it must be at least {least}.");
        }

        void MustBePositive(string option, double value)
        {
            if (!double.IsFinite(value) || value <= 0)
                Add(option, $"is {value}; it must be a number greater than 0.");
        }

        void MustNotBeNegative(string option, double value)
        {
            if (!double.IsFinite(value) || value < 0)
                Add(option, $"is {value}; it must be a number of at least 0.");
        }

        void MustBeDecay(string option, double value)
        {
            if (!(value >= 0 && value < 1))
                Add(option, $"is {value}; it must be at least 0 and less than 1.");
        }

        void MustBeDefined<T>(string option, T value) where T : struct, Enum
        {
            if (!Enum.IsDefined(value))
                Add(option, $"is {value}; it must be one of {string.Join(", ", Enum.GetNames<T>())}.");
        }

        void MustNotBeBlank(string option, string? value)
        {
            if (value is not null && string.IsNullOrWhiteSpace(value))
                Add(option, "is blank; it must be a path or be left out.");
        }

        void CheckOptimizer()
        {
            MustBeDecay(nameof(options.Beta1), options.Beta1);
            MustBeDecay(nameof(options.Beta2), options.Beta2);
            if (options.Momentum is { } momentum)
            {
                MustBeDecay(nameof(options.Momentum), momentum);
                if (options.Optimizer != OptimizerKind.Sgd)
                    Add(nameof(options.Momentum), $"belongs to Sgd; {options.Optimizer} has Beta1 and Beta2.");
            }
            if (!options.Nesterov)
                return;
            if (options.Optimizer != OptimizerKind.Sgd)
                Add(nameof(options.Nesterov), $"belongs to Sgd, not to {options.Optimizer}.");
            else if (options.Momentum is 0)
                Add(nameof(options.Nesterov), "needs a Momentum greater than 0.");
        }

        void CheckAdapters()
        {
            if (options.Trained != TrainedParts.DecoderAndAdapters && options.Adapters != TrainingOptions.Default.Adapters)
                Add(nameof(options.Adapters), $"needs {nameof(options.Trained)} = {TrainedParts.DecoderAndAdapters}; it is {options.Trained}.");
            foreach (var (option, reason) in options.Adapters.FindFaults())
                Add($"{nameof(options.Adapters)}.{option}", reason);
        }

        void CheckParts()
        {
            foreach (var (part, value) in options.Parts)
            {
                var option = $"{nameof(options.Parts)}[{part}]";
                if (string.IsNullOrWhiteSpace(part))
                    Add(option, "has a blank name.");
                if (value.LearningRate is { } rate)
                    MustNotBeNegative($"{option}.{nameof(value.LearningRate)}", rate);
                if (value.WeightDecay is { } decay)
                    MustNotBeNegative($"{option}.{nameof(value.WeightDecay)}", decay);
                if (value is { LearningRate: null, WeightDecay: null })
                    Add(option, "sets neither LearningRate nor WeightDecay.");
            }
        }

        void CheckAugmentation()
        {
            var augmentation = options.Augmentation;
            foreach (var (option, reason) in augmentation.FindFaults())
                Add($"{nameof(options.Augmentation)}.{option}", reason);
            var views = $"{nameof(options.Augmentation)}.{nameof(augmentation.Views)}";
            var cached = options.DecideCachedInputs();
            if (augmentation is { IsOn: true, Views: 1 } && cached == CachedInputs.Embeddings)
                Add(views, $"is 1; with {nameof(options.Trained)} = {options.Trained} the network reads cached embeddings, which cannot be varied: let each image be encoded as 2 views or more.");
            else if (augmentation.Views > 1 && cached == CachedInputs.Images)
                Add(views, $"is {augmentation.Views}; with {nameof(options.Trained)} = {options.Trained} the encoder runs in every step, and images are varied anew in each epoch: leave it at 1.");
        }
    }
}
