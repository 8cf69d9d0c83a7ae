using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Checkpoints;

/// <summary>A network whose dimensions are told apart in every shape, and files of its size.</summary>
internal static class TinyCheckpoint
{
    public static SamConfig Config { get; } = new()
    {
        ImageSize = 32,
        PatchSize = 8,
        EncoderDim = 8,
        EncoderDepth = 2,
        EncoderHeads = 2,
        WindowSize = 3,
        GlobalAttentionBlocks = [0],
        EmbeddingChannels = 16,
        DecoderHeads = 2,
        DecoderMlpDim = 12,
        IouHiddenDim = 10,
        MaskInChannels = 8,
    };

    public static SavedModelInfo Info { get; } = new()
    {
        Config = Config,
        ClassNames = ["background", "größer", "c"],
        Preprocessing = "Sam",
        Notes = new Dictionary<string, string> { ["epoch"] = "7" },
    };

    /// <summary>Writes tensors, and opens what was written.</summary>
    public static Checkpoint Write(TestFolder folder, IEnumerable<KeyValuePair<string, Tensor>> tensors, Dictionary<string, string>? metadata = null)
    {
        var path = folder.PathOf($"{Guid.NewGuid():N}.safetensors");
        SafetensorsFile.Write(path, tensors, metadata);
        return Checkpoint.Open(path);
    }
}
