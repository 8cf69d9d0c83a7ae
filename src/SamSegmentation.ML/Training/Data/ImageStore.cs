using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Training.Augmentation;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Data;

/// <summary>Resized images, for an encoder that is trained or adapted: bytes without padding, scaled when they are read.</summary>
/// <param name="model">The network.</param>
/// <param name="preprocessor">How images are resized and scaled.</param>
/// <param name="cache">Where they lie.</param>
/// <param name="reuse">Whether images that the cache holds are used.</param>
/// <param name="firstTrained">The encoder's first block that is trained or adapted; all before it are frozen. 0 for everything.</param>
internal sealed class ImageStore(SemanticSam model, SamPreprocessor preprocessor, TensorCache cache, bool reuse, int firstTrained) : InputStore
{
    private const string Kind = "resized image, 1";

    private const int Channels = 3;

    // Images are decoded on another thread, a few ahead.
    private const int Ahead = 2;

    public override Tensor Read(IReadOnlyList<(StoredSample Sample, AugmentationDraw? Draw)> samples)
    {
        var images = samples.Select(pair =>
        {
            using var stored = CacheEntry.Read(cache, pair.Sample.Id, pair.Sample.Input, ScalarType.Byte, ShapeOf(pair.Sample.Geometry));
            var geometry = pair.Sample.Geometry;
            var image = new RgbImage(geometry.ContentHeight, geometry.ContentWidth, stored.bytes.ToArray());
            return new PreparedImage((pair.Draw is null ? image : Augmenter.Apply(image, pair.Draw)).Pixels, geometry);
        });
        return preprocessor.ToTensor([.. images]).DetachFromDisposeScope();
    }

    public override Tensor Forward(Tensor inputs)
    {
        if (firstTrained == 0)
            return model.forward(inputs);
        // Without gradients the frozen blocks keep no activations.
        using var tokens = WithoutGradients(inputs);
        using var embeddings = model.encode_from(tokens, firstTrained);
        return model.decode(embeddings);
    }

    protected override EmbeddingPassResult Fill(IEnumerable<LabeledImage> samples, Action<int> progress, CancellationToken cancellation)
    {
        var images = new List<EmbeddedImage>();
        var damaged = new List<DamagedEntry>();
        var written = 0;
        foreach (var sample in ReadAhead.Enumerate(samples, Ahead, null, cancellation))
        {
            var image = Locate(sample);
            if (!Holds(image, damaged))
            {
                var prepared = preprocessor.Prepare(sample.Image);
                using var scope = NewDisposeScope();
                var stored = tensor(prepared.Pixels, ShapeOf(image.Geometry));
                cache.Write(image.Key, stored);
                written++;
            }
            images.Add(image);
            progress(images.Count);
        }
        return new EmbeddingPassResult(images, written, damaged);
    }

    private Tensor WithoutGradients(Tensor images)
    {
        using var noGradient = no_grad();
        return model.image_encoder.tokens_before(images, firstTrained);
    }

    private EmbeddedImage Locate(LabeledImage sample)
    {
        var image = sample.Image;
        using var builder = new CacheKeyBuilder(Kind);
        var key = builder
            .Add("preprocessing", preprocessor.Mode.ToString())
            .Add("image size", preprocessor.ImageSize)
            .Add("size", image.Height, image.Width)
            .Add("pixels", image.Pixels)
            .Build();
        return new EmbeddedImage(sample.Id, key, ImageGeometry.Of(image.Height, image.Width, preprocessor.ImageSize, preprocessor.Mode));
    }

    private bool Holds(EmbeddedImage image, List<DamagedEntry> damaged)
    {
        if (!reuse)
            return false;
        var found = cache.Read(image.Key, ScalarType.Byte, ShapeOf(image.Geometry));
        found.Tensor?.Dispose();
        if (found.Damage is { } damage)
            damaged.Add(new DamagedEntry(image.Id, cache.PathOf(image.Key), damage));
        return found.Tensor is not null;
    }

    private static long[] ShapeOf(ImageGeometry geometry) => [geometry.ContentHeight, geometry.ContentWidth, Channels];
}
