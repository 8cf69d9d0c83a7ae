using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Display;
using SamSegmentation.Cli.Settings;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Prediction;
using TorchSharp;

namespace SamSegmentation.Cli.Networks;

/// <summary>Opens the trained model that the settings name.</summary>
internal static class TrainedNetwork
{
    private const string Overlap = "prediction.overlap";

    /// <summary>Checks that the settings name a model, and how it is run.</summary>
    /// <param name="loaded">The settings.</param>
    /// <exception cref="ConfigurationException">They do not, or say it in a way that cannot be used.</exception>
    public static void Check(LoadedSettings<SamSegSettings> loaded)
    {
        if (loaded.Settings.Model.Trained is null)
            throw new ConfigurationException("no model: expected --model FILE, such as a run's model.safetensors");
        // A file of all settings may say it although there are no windows; who types it wants something of it.
        if (loaded.IsTyped(Overlap) && !loaded.Settings.Prediction.Inference.HasWindows)
            throw new ConfigurationException([loaded.Problem(Overlap, "expected windows that overlap, by --window or by --scales above 1, found none")]);
        // What single values can have wrong is known already; this is what they have wrong together.
        var faults = loaded.Settings.Prediction.Inference.FindFaults();
        if (faults.Count > 0)
            throw new ConfigurationException([.. faults.Select(fault => loaded.Problem($"prediction.{fault.Option.ToLowerInvariant()}", fault.Reason))]);
    }

    /// <summary>Loads it and says what it is.</summary>
    /// <param name="settings">The checked settings.</param>
    /// <param name="device">Where it is put.</param>
    /// <param name="display">Told what it is.</param>
    /// <returns>The model, which the caller disposes.</returns>
    public static SegmentationModel Load(ModelSettings settings, torch.Device device, IDisplay display)
    {
        var model = SegmentationModel.Load(settings.Trained!, settings.EncoderCheckpoint, device);
        display.Line($"network     {Variants.Describe(model.Info.Config)}, {model.Info.ClassNames.Count} classes, from {settings.Trained}");
        return model;
    }

    /// <summary>Prepares it for prediction as it was trained to see images.</summary>
    /// <param name="model">The model, which stays the caller's.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="device">Where it is.</param>
    /// <param name="warn">Takes what the user should know although it goes on.</param>
    public static SegmentationPredictor Predictor(SegmentationModel model, SamSegSettings settings, torch.Device device, Action<string> warn)
    {
        model.Network.image_encoder.Precision = settings.Training.EncoderPrecision;
        return new SegmentationPredictor(model.Network, model.Preprocessing, device)
        {
            BatchSize = settings.Prediction.BatchSize ?? SegmentationPredictor.DefaultBatchSize(device),
            OnReduced = batch => warn(batch.ToString()),
            WithProbabilities = settings.Prediction.Probabilities,
            Inference = settings.Prediction.Inference,
        };
    }
}
