using SamSegmentation.ML.Modeling;

namespace SamSegmentation.Bench.Subjects;

/// <summary>
/// How many multiplications and additions a network's matrix products and convolutions take for one image, by its
/// dimensions: what a machine that does nothing else would have to do. Softmax, norms and activations are left out.
/// </summary>
internal static class NetworkOperations
{
    private const double MultiplyAdd = 2;
    private const int Tokens = 5; // SAM's IoU token and four mask tokens

    /// <summary>Of the image encoder, windows padded to their full size as the paper's code has them; 972 billion for ViT-B.</summary>
    internal static double Encoder(SamConfig config)
    {
        double grid = config.GridSize, width = config.EncoderDim, channels = config.EmbeddingChannels;
        var pixels = grid * grid;
        var windows = Math.Ceiling(grid / config.WindowSize);
        var sum = pixels * 3 * config.PatchSize * config.PatchSize * width;
        for (var block = 0; block < config.EncoderDepth; block++)
        {
            var side = config.GlobalAttentionBlocks.Contains(block) ? grid : config.WindowSize;
            var queries = config.GlobalAttentionBlocks.Contains(block) ? pixels : windows * windows * side * side;
            sum += queries * 4 * width * width;              // queries, keys, values, projection
            sum += queries * 2 * side * side * width;        // scores, and the mean of the values
            sum += queries * 2 * side * width;               // relative positions
            sum += pixels * 2 * width * config.EncoderMlpDim;
        }
        sum += pixels * channels * (width + 9 * channels);   // the neck's 1×1 and 3×3 convolutions
        return MultiplyAdd * sum;
    }

    /// <summary>Of the semantic decoder's forward pass, all pixels projected for each attention as the paper's code has them.</summary>
    internal static double Decoder(SamConfig config, int classes)
    {
        double width = config.EmbeddingChannels, inner = width / 2;
        var pixels = (double)config.GridSize * config.GridSize;
        // An attention to or from the image: two projections of the image, two of the tokens, scores and means.
        var cross = (2 * pixels + 2 * Tokens) * width * inner + 2 * Tokens * pixels * inner;
        var self = Tokens * 4 * width * width + 2 * Tokens * Tokens * width;
        var layer = self + 2 * cross + Tokens * 2 * width * config.DecoderMlpDim;
        var upscaling = pixels * width * (width / 4) * 4 + 4 * pixels * (width / 4) * (width / 8) * 4;
        var hypernetworks = classes * (2 * width * width + width * width / 8);
        var masks = classes * 16 * pixels * (width / 8);
        return MultiplyAdd * (config.DecoderDepth * layer + cross + upscaling + hypernetworks + masks);
    }
}
