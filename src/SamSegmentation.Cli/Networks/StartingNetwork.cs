using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Settings;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Modeling;
using TorchSharp;

namespace SamSegmentation.Cli.Networks;

/// <summary>The network that training, or embedding, starts with.</summary>
/// <param name="Network">It, on the CPU; disposed with this.</param>
/// <param name="Description">Its size, and where its weights come from.</param>
internal sealed record StartingNetwork(SemanticSam Network, string Description) : IDisposable
{
    private const string Hypernetworks = "mask_decoder.output_hypernetworks_mlps.";

    /// <summary>Makes the network: of a checkpoint's weights, or of random ones that the seed decides.</summary>
    /// <param name="loaded">The settings.</param>
    /// <param name="classes">The dataset's classes.</param>
    /// <exception cref="ConfigurationException">The settings describe no network, or another than the checkpoint's.</exception>
    /// <exception cref="CheckpointFormatException">The checkpoint is damaged, or holds no Segment Anything network.</exception>
    /// <exception cref="CheckpointMismatchException">The checkpoint holds another network.</exception>
    public static StartingNetwork Create(LoadedSettings<SamSegSettings> loaded, ClassList classes)
    {
        var model = loaded.Settings.Model;
        if (model.Checkpoint is null)
            return Random(loaded, classes);
        using var checkpoint = Checkpoint.Open(model.Checkpoint);
        var config = Config(loaded, checkpoint);
        var info = SamCheckpoint.ReadInfo(checkpoint);
        if (info?.Parts is not null)
            return OfParts(loaded, classes, info);
        if (model.EncoderCheckpoint is not null)
            throw new ConfigurationException([loaded.Problem("model.encoder_checkpoint", $"expected none, because '{model.Checkpoint}' holds an encoder itself")]);
        var network = New(loaded, config, classes);
        try
        {
            if (info?.Adapters is { } adapters)
                network.AddAdapters(adapters);
            var start = Load(network, checkpoint, classes, info);
            return new StartingNetwork(network, $"{Variants.Describe(config)}, {classes.Count} classes, from {model.Checkpoint}{start}");
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Disposes the network.</summary>
    public void Dispose() => Network.Dispose();

    private static StartingNetwork Random(LoadedSettings<SamSegSettings> loaded, ClassList classes)
    {
        var model = loaded.Settings.Model;
        if (model.EncoderCheckpoint is not null)
            throw new ConfigurationException([loaded.Problem("model.encoder_checkpoint", "expected model.checkpoint with it, found none")]);
        if (model.Variant is null && model.Network == new NetworkSettings())
        {
            throw new ConfigurationException(
                "no network: expected --checkpoint FILE; or, for random weights, --variant, or the dimensions of a small network (model.network)");
        }
        var config = model.Network.Over(Variants.ConfigOf(model.Variant ?? Variant.VitB));
        if (config.FindFaults() is { Count: > 0 } faults)
            throw new ConfigurationException([.. faults.Select(fault => new ConfigProblem("", "model.network", fault))]);
        return new StartingNetwork(New(loaded, config, classes), $"{Variants.Describe(config)}, {classes.Count} classes, random weights");
    }

    // A file that holds the decoder alone: its own network whole, so the classes must be the same.
    private static StartingNetwork OfParts(LoadedSettings<SamSegSettings> loaded, ClassList classes, SavedModelInfo info)
    {
        var model = loaded.Settings.Model;
        if (info.ClassNames.Count != classes.Count)
        {
            throw new ConfigurationException([loaded.Problem(
                "model.checkpoint",
                $"expected a checkpoint of {classes.Count} classes or one that holds the whole network, found {string.Join(", ", info.Parts!)} of {info.ClassNames.Count} classes in '{model.Checkpoint}'")]);
        }
        if (model.EncoderCheckpoint is null)
            throw new ConfigurationException([loaded.Problem("model.checkpoint", $"'{model.Checkpoint}' has no image encoder; expected --encoder-checkpoint FILE with it")]);
        var network = SegmentationModel.Load(model.Checkpoint!, model.EncoderCheckpoint).Network;
        return new StartingNetwork(network, $"{Variants.Describe(info.Config)}, {classes.Count} classes, from {model.Checkpoint} and {model.EncoderCheckpoint}");
    }

    // What of a whole file goes into the network; says what does not.
    private static string Load(SemanticSam network, Checkpoint checkpoint, ClassList classes, SavedModelInfo? info)
    {
        if (SamCheckpoint.FindLayout(checkpoint) == SamCheckpointLayout.Sam)
        {
            SamCheckpoint.Load(network, checkpoint);
            return "";
        }
        var found = SamCheckpoint.InferClasses(checkpoint);
        if (found == classes.Count)
        {
            SamCheckpoint.Load(network, checkpoint);
            return info is null || info.ClassNames.SequenceEqual(classes.Names) ? "" : "; its classes have other names";
        }
        SamCheckpoint.LoadPart(network, checkpoint, name => !name.StartsWith(Hypernetworks, StringComparison.Ordinal));
        return $"; it has {found} classes, so all hypernetworks start from random weights";
    }

    private static SamConfig Config(LoadedSettings<SamSegSettings> loaded, Checkpoint checkpoint)
    {
        var model = loaded.Settings.Model;
        var inferred = SamCheckpoint.InferConfig(checkpoint);
        // The one dimension that SAM's files do not tell.
        if (SamCheckpoint.ReadInfo(checkpoint) is null)
            inferred = inferred with { DecoderHeads = model.Network.DecoderHeads ?? inferred.DecoderHeads };
        if (model.Variant is { } variant && !Variants.ConfigOf(variant).Equals(inferred))
        {
            throw new ConfigurationException([loaded.Problem(
                "model.variant", $"expected what '{checkpoint.Path}' holds, {Variants.Describe(inferred)}, found {Variants.NameOf(variant)}")]);
        }
        var stated = model.Network.Over(inferred);
        if (!stated.Equals(inferred))
        {
            throw new ConfigurationException([new ConfigProblem(
                "", "model.network", $"expected the dimensions of '{checkpoint.Path}', {inferred}, found {stated}; leave them out to take the file's")]);
        }
        return inferred.FindFaults() is { Count: > 0 } faults
            ? throw new ConfigurationException([.. faults.Select(fault => new ConfigProblem("", "model.network", fault))])
            : inferred;
    }

    private static SemanticSam New(LoadedSettings<SamSegSettings> loaded, SamConfig config, ClassList classes)
    {
        torch.manual_seed(loaded.Settings.Training.Seed);
        return new SemanticSam(config, classes.Count);
    }
}
