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
        faults.MustBeDefined(nameof(options.Trained), options.Trained);
        CheckAdapters();
        faults.MustBeAtLeast(nameof(options.Epochs), options.Epochs, 1);
        faults.MustBeAtLeast(nameof(options.BatchSize), options.BatchSize, 1);
        if (options.MicroBatchSize is { } images)
            faults.MustBeAtLeast(nameof(options.MicroBatchSize), images, 1);
        faults.MustBeDefined(nameof(options.Optimizer), options.Optimizer);
        faults.MustBePositive(nameof(options.LearningRate), options.LearningRate);
        faults.MustNotBeNegative(nameof(options.WeightDecay), options.WeightDecay);
        CheckOptimizer();
        faults.AddWithin(nameof(options.Schedule), options.Schedule.FindFaults());
        CheckParts();
        faults.AddWithin(nameof(options.Loss), options.Loss.FindFaults());
        if (options.ClippingNorm is { } norm)
            faults.MustBePositive(nameof(options.ClippingNorm), norm);
        if (options.EmaDecay is { } decay)
            faults.MustBeBelowOne(nameof(options.EmaDecay), decay);
        faults.MustBeDefined(nameof(options.Preprocessing), options.Preprocessing);
        CheckAugmentation();
        faults.MustBeAtLeast(nameof(options.ValidateEvery), options.ValidateEvery, 1);
        if (options.EarlyStopping is { } stopping)
        {
            faults.MustBeAtLeast($"{nameof(options.EarlyStopping)}.{nameof(stopping.Patience)}", stopping.Patience, 1);
            faults.MustBeDefined($"{nameof(options.EarlyStopping)}.{nameof(stopping.Metric)}", stopping.Metric);
            var gain = $"{nameof(options.EarlyStopping)}.{nameof(stopping.MinimumGain)}";
            if (stopping.Metric == ValidationMetric.Loss)
                faults.MustNotBeNegative(gain, stopping.MinimumGain);
            else
                faults.MustBeBelowOne(gain, stopping.MinimumGain);
        }
        faults.MustBeAtLeast(nameof(options.KeepTop), options.KeepTop, 0);
        faults.MustBeDefined(nameof(options.KeepTopMetric), options.KeepTopMetric);
        if (options is { KeepTop: > 0, RunFolder: null })
            faults.Add(nameof(options.KeepTop), $"is {options.KeepTop}; checkpoints need a folder, and none is given.");
        if (options is { KeepTop: 0, KeepTopMetric: not ValidationMetric.MeanIoU })
            faults.Add(nameof(options.KeepTopMetric), $"is {options.KeepTopMetric}; that needs {nameof(options.KeepTop)}.");
        faults.MustNotBeBlank(nameof(options.RunFolder), options.RunFolder);
        if (options.Resume && options.RunFolder is null)
            faults.Add(nameof(options.Resume), "needs the folder of the run that goes on; none is given.");
        if (options.CheckpointEvery is { } steps)
            faults.MustBeAtLeast(nameof(options.CheckpointEvery), steps, 0);
        if (options is { Resume: true, CheckpointEvery: 0 })
            faults.Add(nameof(options.CheckpointEvery), $"is 0, so that the run could not be resumed; that does not go with {nameof(options.Resume)}.");
        faults.MustBeAtLeast(nameof(options.ImagesLogged), options.ImagesLogged, 0);
        faults.MustBeAtLeast(nameof(options.ReportImages), options.ReportImages, 0);
        faults.MustBeAtLeast(nameof(options.LogEvery), options.LogEvery, 1);
        faults.MustNotBeBlank(nameof(options.CacheFolder), options.CacheFolder);
        faults.MustBeDefined(nameof(options.EmbeddingDType), options.EmbeddingDType);
        if (options.EncoderBatchSize is { } encoded)
            faults.MustBeAtLeast(nameof(options.EncoderBatchSize), encoded, 1);
        faults.MustBeDefined(nameof(options.EncoderPrecision), options.EncoderPrecision);
        if (!DeviceName.IsValid(options.Device))
            faults.Add(nameof(options.Device), $"'{options.Device}' is not a device; expected auto, cpu, cuda or cuda:N.");
        if (options.ThreadCount is { } threads)
            faults.MustBeAtLeast(nameof(options.ThreadCount), threads, 1);
        return faults;

        void CheckOptimizer()
        {
            faults.MustBeBelowOne(nameof(options.Beta1), options.Beta1);
            faults.MustBeBelowOne(nameof(options.Beta2), options.Beta2);
            if (options.Momentum is { } momentum)
            {
                faults.MustBeBelowOne(nameof(options.Momentum), momentum);
                if (options.Optimizer != OptimizerKind.Sgd)
                    faults.Add(nameof(options.Momentum), $"belongs to Sgd; {options.Optimizer} has Beta1 and Beta2.");
            }
            if (!options.Nesterov)
                return;
            if (options.Optimizer != OptimizerKind.Sgd)
                faults.Add(nameof(options.Nesterov), $"belongs to Sgd, not to {options.Optimizer}.");
            else if (options.Momentum is 0)
                faults.Add(nameof(options.Nesterov), "needs a Momentum greater than 0.");
        }

        void CheckAdapters()
        {
            if (options.Trained != TrainedParts.DecoderAndAdapters && options.Adapters != TrainingOptions.Default.Adapters)
                faults.Add(nameof(options.Adapters), $"needs {nameof(options.Trained)} = {TrainedParts.DecoderAndAdapters}; it is {options.Trained}.");
            faults.AddWithin(nameof(options.Adapters), options.Adapters.FindFaults());
        }

        void CheckParts()
        {
            foreach (var (part, value) in options.Parts)
            {
                var option = $"{nameof(options.Parts)}[{part}]";
                if (string.IsNullOrWhiteSpace(part))
                    faults.Add(option, "has a blank name.");
                if (value.LearningRate is { } rate)
                    faults.MustNotBeNegative($"{option}.{nameof(value.LearningRate)}", rate);
                if (value.WeightDecay is { } decay)
                    faults.MustNotBeNegative($"{option}.{nameof(value.WeightDecay)}", decay);
                if (value is { LearningRate: null, WeightDecay: null })
                    faults.Add(option, "sets neither LearningRate nor WeightDecay.");
            }
        }

        void CheckAugmentation()
        {
            var augmentation = options.Augmentation;
            faults.AddWithin(nameof(options.Augmentation), augmentation.FindFaults());
            var views = $"{nameof(options.Augmentation)}.{nameof(augmentation.Views)}";
            var cached = options.DecideCachedInputs();
            if (augmentation is { IsOn: true, Views: 1 } && cached == CachedInputs.Embeddings)
                faults.Add(views, $"is 1; with {nameof(options.Trained)} = {options.Trained} the network reads cached embeddings, which cannot be varied: let each image be encoded as 2 views or more.");
            else if (augmentation.Views > 1 && cached == CachedInputs.Images)
                faults.Add(views, $"is {augmentation.Views}; with {nameof(options.Trained)} = {options.Trained} the encoder runs in every step, and images are varied anew in each epoch: leave it at 1.");
        }
    }
}
