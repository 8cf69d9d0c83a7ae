using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Pipeline.Fitting;

/// <summary>Makes the network that a training starts from.</summary>
internal static class StartingNetwork
{
    /// <summary>Makes a network of the options' dimensions with the checkpoint's weights; what has none is random.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="seed">Decides the random weights.</param>
    /// <returns>The network on the CPU, which the caller disposes.</returns>
    /// <exception cref="CheckpointFormatException">The checkpoint is damaged or holds no Segment Anything network.</exception>
    /// <exception cref="CheckpointMismatchException">It holds a network of other dimensions, or not all weights.</exception>
    /// <exception cref="ArgumentException">The head names encoder blocks that the checkpoint's network has not.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static SemanticSam Create(SamTrainerOptions options, int classes, int seed)
    {
        var wanted = SamTrainerOptionsRules.ConfigOf(options);
        manual_seed(seed);
        if (options.Checkpoint is null)
            return new SemanticSam(wanted!, classes, options.Head);
        using var checkpoint = Checkpoint.Open(options.Checkpoint);
        var config = SamCheckpoint.InferConfig(checkpoint);
        // The one dimension that SAM's files do not tell.
        if (wanted is not null && SamCheckpoint.ReadInfo(checkpoint) is null)
            config = config with { DecoderHeads = wanted.DecoderHeads };
        if (wanted is not null && !wanted.Equals(config))
            throw new CheckpointMismatchException(checkpoint.Path, $"the options ask for {wanted}, the file holds {config}.", [], [], []);
        return SamCheckpoint.CreateStart(checkpoint, classes, options.Head, config);
    }
}
