using SamSegmentation.ML.Modeling;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Embeddings;

/// <summary>What makes two image encoders compute the same.</summary>
public static class EncoderIdentity
{
    /// <summary>
    /// SHA-256, in hexadecimal, over the names, dtypes, shapes and values of the image encoder's weights. The shapes of
    /// the relative position tables show heads, window size and global blocks too.
    /// </summary>
    /// <param name="model">The network.</param>
    public static string HashOf(SemanticSam model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var builder = new CacheKeyBuilder("SAM image encoder, 1");
        foreach (var (name, weight) in model.image_encoder.state_dict().OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            builder
                .Add("name", name)
                .Add("dtype", weight.dtype.ToString())
                .Add("shape", [.. weight.shape.Select(side => checked((int)side))])
                .Add("values", weight.detach().cpu().contiguous().bytes);
        }
        return builder.Build().Hex;
    }
}
