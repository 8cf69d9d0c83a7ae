using System.Globalization;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Embeddings;

/// <summary>
/// Everything but the image that an embedding depends on. Together with the image's pixels it gives the embedding's
/// <see cref="CacheKey"/>.
/// </summary>
public sealed record EmbeddingRecipe
{
    // A change in how embeddings are computed or stored must change this, so that old entries are not taken for new ones.
    private const string Kind = "SAM image embedding, 2";

    /// <summary>The view of an image that is encoded as it is.</summary>
    public const string PlainView = "plain";

    /// <summary>Describes the embeddings of a network, or what enters one of its encoder's blocks.</summary>
    /// <param name="model">The network; its encoder's weights are hashed, which reads all of them once.</param>
    /// <param name="preprocessing">How images are brought to the encoder's size.</param>
    /// <param name="dtype">The number format on disk.</param>
    /// <param name="block">
    /// A block of the encoder, counted from 0, whose input is meant: for adapters from that block on, before which nothing
    /// changes. Null for the embeddings, which depend on adapters too.
    /// </param>
    public EmbeddingRecipe(SemanticSam model, Preprocessing preprocessing, EmbeddingDType dtype, int? block = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        EncoderHash = WeightsHash.Compute(model.image_encoder);
        if (model.Adapters is { } adapters && (block is null || block > adapters.FirstBlock))
            Adapters = string.Create(CultureInfo.InvariantCulture, $"{WeightsHash.Compute(model.adapter_weights!)}, α {adapters.LoraAlpha}, s {adapters.BottleneckScale}");
        Block = block;
        Preprocessing = preprocessing;
        ImageSize = model.Config.ImageSize;
        DType = dtype;
        Precision = model.image_encoder.Precision;
        if (block is null && model.feature_projection is { } projection)
            Features = $"blocks {string.Join(", ", model.Head.FeatureBlocks)} projected by {WeightsHash.Compute(projection)}";
        var (grid, config) = (model.Config.GridSize, model.Config);
        Shape = block is null ? [model.EmbeddingChannels, grid, grid] : [grid, grid, config.EncoderDim];
    }

    /// <summary>The image encoder's <see cref="WeightsHash"/>.</summary>
    public string EncoderHash { get; }

    /// <summary>The adapters that take part: their <see cref="WeightsHash"/> and factors; null for none.</summary>
    public string? Adapters { get; }

    /// <summary>The block, counted from 0, whose input is meant; null for the encoder's output.</summary>
    public int? Block { get; }
    /// <summary>Which encoder blocks' features are stored beside the embedding, and the hash of their projection; null for none.</summary>
    public string? Features { get; }

    /// <summary>How images are brought to the encoder's size.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Side of the encoder's square input in pixels.</summary>
    public int ImageSize { get; }

    /// <summary>The number format on disk.</summary>
    public EmbeddingDType DType { get; }

    /// <summary>The number format in which the encoder's blocks multiply.</summary>
    public EncoderPrecision Precision { get; }

    /// <summary>The shape of one image's: channels, rows and columns of an embedding; rows, columns and channels of a block's input.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Computes it.</summary>
    /// <param name="model">The network, or one of the same weights.</param>
    /// <param name="images">[B, 3, S, S], as for <see cref="SemanticSam.encode"/>.</param>
    /// <returns>[B, …<see cref="Shape"/>].</returns>
    internal Tensor Compute(SemanticSam model, Tensor images) =>
        Block is { } block ? model.image_encoder.tokens_before(images, block) : model.encode(images);

    internal ScalarType ScalarType => DType == EmbeddingDType.Float16 ? ScalarType.Float16 : ScalarType.Float32;

    /// <summary>The key of one image's embedding.</summary>
    /// <param name="image">The image; its size and every pixel enter the key.</param>
    /// <param name="view">The name of the view of the image that is encoded.</param>
    public CacheKey KeyOf(RgbImage image, string view = PlainView)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var builder = new CacheKeyBuilder(Kind);
        builder.Add("encoder", EncoderHash);
        if (Adapters is not null)
            builder.Add("adapters", Adapters);
        if (Block is { } block)
            builder.Add("before block", block);
        if (Features is not null)
            builder.Add("features", Features);
        if (Precision != EncoderPrecision.Float32)
            builder.Add("precision", Precision.ToString());
        return builder
            .Add("preprocessing", Preprocessing.ToString())
            .Add("image size", ImageSize)
            .Add("dtype", DType.ToString())
            .Add("view", view)
            .Add("size", image.Height, image.Width)
            .Add("pixels", image.Pixels)
            .Build();
    }
}
