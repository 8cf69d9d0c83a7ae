using SamSegmentation.ML.Checkpoints;

namespace SamSegmentation.Cli.Inspection;

/// <summary>What a checkpoint file holds.</summary>
internal sealed record InspectionReport
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Its layout: <c>safetensors</c>, <c>PyTorch zip</c>, <c>PyTorch legacy</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Its length.</summary>
    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the whole file, in hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The network whose weights it holds.</summary>
    public required NetworkFacts Network { get; init; }

    /// <summary>Its metadata, but for what <see cref="Network"/> tells.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Its tensors by parts, in the file's order.</summary>
    public required IReadOnlyList<TensorGroup> Groups { get; init; }

    /// <summary>Looks into a file.</summary>
    /// <param name="path">A checkpoint.</param>
    /// <exception cref="CheckpointFormatException">It is none, or damaged.</exception>
    public static InspectionReport Of(string path)
    {
        using var checkpoint = Checkpoint.Open(path);
        return new InspectionReport
        {
            Path = path,
            Format = checkpoint.Format switch
            {
                CheckpointFormat.PyTorchZip => "PyTorch zip",
                CheckpointFormat.PyTorchLegacy => "PyTorch legacy",
                _ => "safetensors",
            },
            Bytes = new FileInfo(path).Length,
            Sha256 = checkpoint.Sha256(),
            Network = NetworkFacts.Of(checkpoint),
            Metadata = SamCheckpoint.ReadInfo(checkpoint)?.Notes ?? checkpoint.Metadata,
            Groups = TensorGroup.Of(checkpoint.Entries.Values),
        };
    }
}
