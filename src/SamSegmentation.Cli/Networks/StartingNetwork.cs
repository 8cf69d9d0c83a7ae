using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Settings;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Heads;
using TorchSharp;

namespace SamSegmentation.Cli.Networks;

/// <summary>The network that training, or embedding, starts with.</summary>
/// <param name="Network">It, on the CPU; disposed with this.</param>
/// <param name="Description">Its size, and where its weights come from.</param>
internal sealed record StartingNetwork(SemanticSam Network, string Description) : IDisposable
{
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
        var head = Head(loaded, config, info?.Head ?? HeadConfig.Default);
        var description = $"{Describe(config, head, classes)}, from {model.Checkpoint}{Untaken(head, checkpoint, classes, info)}";
        torch.manual_seed(loaded.Settings.Training.Seed);
        return new StartingNetwork(SamCheckpoint.CreateStart(checkpoint, classes.Count, head, config), description);
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
        var head = Head(loaded, config, HeadConfig.Default);
        torch.manual_seed(loaded.Settings.Training.Seed);
        return new StartingNetwork(new SemanticSam(config, classes.Count, head), $"{Describe(config, head, classes)}, random weights");
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
        if (!Head(loaded, info.Config, info.Head).Equals(info.Head))
        {
            throw new ConfigurationException([new ConfigProblem(
                "", "model.head", $"expected the head of '{model.Checkpoint}', {HeadSettings.Describe(info.Head)}, found {HeadSettings.Describe(model.Head.Over(info.Head))}; the encoder's file alone starts another head")]);
        }
        var network = SegmentationModel.Load(model.Checkpoint!, model.EncoderCheckpoint).Network;
        return new StartingNetwork(network, $"{Describe(info.Config, info.Head, classes)}, from {model.Checkpoint} and {model.EncoderCheckpoint}");
    }

    // Says what of a whole file does not go into the network.
    private static string Untaken(HeadConfig head, Checkpoint checkpoint, ClassList classes, SavedModelInfo? info)
    {
        if (SamCheckpoint.FindLayout(checkpoint) == SamCheckpointLayout.Sam)
            return head.Kind == HeadKind.MaskDecoder ? "" : "; the head starts from random weights";
        var (found, own) = (SamCheckpoint.InferClasses(checkpoint), info?.Head ?? HeadConfig.Default);
        if (!own.Equals(head))
            return $"; its head is {HeadSettings.Describe(own)}, so the head starts from random weights";
        if (found != classes.Count)
            return $"; it has {found} classes, so {(head.Kind == HeadKind.MaskDecoder ? "all hypernetworks start" : "the classifier starts")} from random weights";
        return info is null || info.ClassNames.SequenceEqual(classes.Names) ? "" : "; its classes have other names";
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

    private static HeadConfig Head(LoadedSettings<SamSegSettings> loaded, SamConfig config, HeadConfig found)
    {
        var head = loaded.Settings.Model.Head.Over(found);
        return head.FindFaults(config) is { Count: > 0 } faults
            ? throw new ConfigurationException([.. faults.Select(fault => new ConfigProblem("", "model.head", fault))])
            : head;
    }

    private static string Describe(SamConfig config, HeadConfig head, ClassList classes) =>
        $"{Variants.Describe(config)}{(head.Equals(HeadConfig.Default) ? "" : $", head {HeadSettings.Describe(head)}")}, {classes.Count} classes";
}
