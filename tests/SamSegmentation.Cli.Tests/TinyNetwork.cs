using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using TorchSharp;

namespace SamSegmentation.Cli.Tests;

/// <summary>The smallest sensible network, and files of it.</summary>
internal static class TinyNetwork
{
    /// <summary>Its dimensions, as a settings file has them.</summary>
    public const string Yaml = """
        model:
          network:
            image_size: 32
            patch_size: 8
            encoder_dim: 16
            encoder_depth: 2
            encoder_heads: 2
            window_size: 2
            global_attention_blocks: [1]
            embedding_channels: 16
            decoder_heads: 2
            decoder_mlp_dim: 16
            iou_hidden_dim: 8
            mask_in_channels: 4

        """;

    public static SamConfig Config { get; } = new()
    {
        ImageSize = 32,
        PatchSize = 8,
        EncoderDim = 16,
        EncoderDepth = 2,
        EncoderHeads = 2,
        WindowSize = 2,
        GlobalAttentionBlocks = [1],
        EmbeddingChannels = 16,
        DecoderHeads = 2,
        DecoderMlpDim = 16,
        IouHiddenDim = 8,
        MaskInChannels = 4,
    };

    /// <summary>Writes a trained model of random weights.</summary>
    public static string WriteModel(TemporaryFolder folder, string name, params string[] classNames)
    {
        torch.manual_seed(7);
        using var network = new SemanticSam(Config, classNames.Length);
        SamCheckpoint.SaveModel(network, folder.PathOf(name), new SavedModelInfo
        {
            Config = Config,
            ClassNames = classNames,
            Preprocessing = nameof(Preprocessing.Sam),
        });
        return folder.PathOf(name);
    }

    /// <summary>Writes the promptable network as Meta's files hold it.</summary>
    public static string WriteSam(TemporaryFolder folder, string name, int seed = 7)
    {
        torch.manual_seed(seed);
        using var network = new Sam(Config);
        SafetensorsFile.Write(folder.PathOf(name), network.state_dict().Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));
        return folder.PathOf(name);
    }
}
