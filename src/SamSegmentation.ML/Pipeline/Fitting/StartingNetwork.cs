using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Pipeline.Fitting;

/// <summary>Makes the network that a training starts from.</summary>
internal static class StartingNetwork
{
    private const string Hypernetworks = "mask_decoder.output_hypernetworks_mlps.";

    /// <summary>Makes a network of the options' dimensions with the checkpoint's weights; what has none is random.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="seed">Decides the random weights.</param>
    /// <returns>The network on the CPU, which the caller disposes.</returns>
    /// <exception cref="CheckpointFormatException">The checkpoint is damaged or holds no Segment Anything network.</exception>
    /// <exception cref="CheckpointMismatchException">It holds a network of other dimensions, or not all weights.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static SemanticSam Create(SamTrainerOptions options, int classes, int seed)
    {
        var wanted = SamTrainerOptionsRules.ConfigOf(options);
        if (options.Checkpoint is null)
            return New(wanted!, classes, seed);
        using var checkpoint = Checkpoint.Open(options.Checkpoint);
        var config = SamCheckpoint.InferConfig(checkpoint);
        var info = SamCheckpoint.ReadInfo(checkpoint);
        // The one dimension that SAM's files do not tell.
        if (wanted is not null && info is null)
            config = config with { DecoderHeads = wanted.DecoderHeads };
        if (wanted is not null && !wanted.Equals(config))
            throw new CheckpointMismatchException(checkpoint.Path, $"the options ask for {wanted}, the file holds {config}.", [], [], []);
        var model = New(config, classes, seed);
        try
        {
            if (info?.Adapters is { } adapters)
                model.AddAdapters(adapters);
            if (SamCheckpoint.FindLayout(checkpoint) == SamCheckpointLayout.Sam || SamCheckpoint.InferClasses(checkpoint) == classes)
                SamCheckpoint.Load(model, checkpoint);
            else
                SamCheckpoint.LoadPart(model, checkpoint, name => !name.StartsWith(Hypernetworks, StringComparison.Ordinal));
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static SemanticSam New(SamConfig config, int classes, int seed)
    {
        manual_seed(seed);
        return new SemanticSam(config, classes);
    }
}
