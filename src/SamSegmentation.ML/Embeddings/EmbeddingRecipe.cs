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

    /// <summary>Describes the embeddings of a network.</summary>
    /// <param name="model">The network; its encoder's weights are hashed, which reads all of them once.</param>
    /// <param name="preprocessing">How images are brought to the encoder's size.</param>
    /// <param name="dtype">The number format on disk.</param>
    public EmbeddingRecipe(SemanticSam model, Preprocessing preprocessing, EmbeddingDType dtype)
    {
        ArgumentNullException.ThrowIfNull(model);
        EncoderHash = WeightsHash.Compute(model.image_encoder);
        Preprocessing = preprocessing;
        ImageSize = model.Config.ImageSize;
        DType = dtype;
        Shape = [model.Config.EmbeddingChannels, model.Config.GridSize, model.Config.GridSize];
    }

    /// <summary>The image encoder's <see cref="WeightsHash"/>.</summary>
    public string EncoderHash { get; }

    /// <summary>How images are brought to the encoder's size.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Side of the encoder's square input in pixels.</summary>
    public int ImageSize { get; }

    /// <summary>The number format on disk.</summary>
    public EmbeddingDType DType { get; }

    /// <summary>An embedding's shape: channels, rows, columns.</summary>
    public IReadOnlyList<long> Shape { get; }

    internal ScalarType ScalarType => DType == EmbeddingDType.Float16 ? ScalarType.Float16 : ScalarType.Float32;

    /// <summary>The key of one image's embedding.</summary>
    /// <param name="image">The image; its size and every pixel enter the key.</param>
    /// <param name="view">The name of the view of the image that is encoded.</param>
    public CacheKey KeyOf(RgbImage image, string view = PlainView)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var builder = new CacheKeyBuilder(Kind);
        return builder
            .Add("encoder", EncoderHash)
            .Add("preprocessing", Preprocessing.ToString())
            .Add("image size", ImageSize)
            .Add("dtype", DType.ToString())
            .Add("view", view)
            .Add("size", image.Height, image.Width)
            .Add("pixels", image.Pixels)
            .Build();
    }
}
