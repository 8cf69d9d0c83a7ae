using System.Diagnostics.CodeAnalysis;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Memory;
using TorchSharp;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Embeddings;

/// <summary>
/// Runs the frozen image encoder once over a stream of images and leaves the embeddings in a cache. What the cache
/// holds already is checked and kept, so that an interrupted pass goes on where it stopped.
/// </summary>
/// <remarks>
/// Images are read and resized on one thread ahead of the encoder and embeddings are written on another behind it, each
/// at most a few images apart: memory does not grow with the number of images.
/// </remarks>
public sealed class EmbeddingPass
{
    private const string Advice = $"Let the encoder multiply in fewer bits ({nameof(EncoderPrecision)}), or take another device.";

    private readonly TensorCache _cache;
    private readonly SamPreprocessor _preprocessor;
    private readonly Device _device;
    private readonly ImagesAtOnce _atOnce;

    /// <summary>Prepares passes over images.</summary>
    /// <param name="model">The network, on <paramref name="device"/>; only its image encoder is used, and not changed.</param>
    /// <param name="recipe">What the embeddings are; made from the same network.</param>
    /// <param name="cache">Where they are kept.</param>
    /// <param name="device">The device of the network.</param>
    public EmbeddingPass(SemanticSam model, EmbeddingRecipe recipe, TensorCache cache, Device device)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(device);
        _cache = cache;
        _device = device;
        _preprocessor = new SamPreprocessor(recipe.ImageSize, recipe.Preprocessing);
        Recipe = recipe;
        Encoder = images => recipe.Compute(model, images);
        BatchSize = 1;
    }

    /// <summary>What the embeddings are.</summary>
    public EmbeddingRecipe Recipe { get; }

    /// <summary>Images that the encoder takes at once; where they do not fit the device's memory, half as many are tried.</summary>
    /// <value>The default is 1; at least 1.</value>
    public int BatchSize
    {
        get;
        [MemberNotNull(nameof(_atOnce))]
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
            _atOnce = new ImagesAtOnce(value, "EncoderBatchSize", Advice, batch => OnReduced?.Invoke(batch));
        }
    }

    /// <summary>Called where the encoder takes fewer images at once from now on, on the thread of <see cref="Run"/>.</summary>
    /// <value>The default is null: nobody is told.</value>
    public Action<ReducedBatch>? OnReduced { get; init; }

    /// <summary>Images that the encoder takes at once now: <see cref="BatchSize"/>, or fewer where these did not fit the device's memory.</summary>
    public int CurrentBatchSize => _atOnce.Count;

    /// <summary>What computes embeddings of images, as <see cref="EmbeddingRecipe.Compute"/> does.</summary>
    internal Func<Tensor, Tensor> Encoder { get; init; }

    /// <summary>Whether embeddings that the cache holds are used; false computes all of them again.</summary>
    /// <value>The default is true.</value>
    public bool ReuseCache { get; init; } = true;

    /// <summary>Passes over the images once.</summary>
    /// <param name="items">The images, enumerated once, on another thread.</param>
    /// <param name="id">An item's id, for messages.</param>
    /// <param name="image">An item's image.</param>
    /// <param name="progress">Told of every image.</param>
    /// <param name="cancellation">Stops after the encoder's current batch; what was computed stays in the cache.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="InsufficientMemoryException">The device's memory is too small for one image.</exception>
    /// <exception cref="ArithmeticException">The encoder gave a value that the cache's number format cannot hold.</exception>
    public EmbeddingPassResult Run<T>(
        IEnumerable<T> items,
        Func<T, string> id,
        Func<T, RgbImage> image,
        IProgress<EmbeddingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(image);
        int? total = items.TryGetNonEnumeratedCount(out var count) ? count : null;
        var images = new List<EmbeddedImage>();
        var damaged = new List<DamagedEntry>();
        var encoded = 0;
        var batch = new List<EmbeddingJob>(BatchSize);
        using var writer = new WriteBehind<(CacheKey Key, Tensor Embedding)>(Write, 2 * BatchSize);
        foreach (var job in ReadAhead.Enumerate(items.Select(item => Prepare(id(item), image(item))), 2 * BatchSize, null, cancellation))
        {
            images.Add(job.Image);
            if (job.Damage is not null)
                damaged.Add(new DamagedEntry(job.Image.Id, _cache.PathOf(job.Image.Key), job.Damage));
            if (job.Prepared is not null)
                batch.Add(job);
            if (batch.Count == BatchSize)
                EncodeBatch();
            Report();
        }
        if (batch.Count > 0)
            EncodeBatch();
        writer.Complete();
        Report();
        return new EmbeddingPassResult(images, encoded, damaged);

        void EncodeBatch()
        {
            Encode(batch, writer);
            encoded += batch.Count;
            batch.Clear();
        }

        void Report() => progress?.Report(new EmbeddingProgress(images.Count - batch.Count, total, encoded));
    }

    private EmbeddingJob Prepare(string id, RgbImage image)
    {
        var embedded = new EmbeddedImage(id, Recipe.KeyOf(image), ImageGeometry.Of(image.Height, image.Width, Recipe.ImageSize, Recipe.Preprocessing));
        if (!ReuseCache)
            return new EmbeddingJob(embedded, _preprocessor.Prepare(image), null);
        var found = _cache.Read(embedded.Key, Recipe.ScalarType, Recipe.Shape);
        if (found.Tensor is null)
            return new EmbeddingJob(embedded, _preprocessor.Prepare(image), found.Damage);
        found.Tensor.Dispose();
        return new EmbeddingJob(embedded, null, null);
    }

    private void Encode(List<EmbeddingJob> batch, WriteBehind<(CacheKey Key, Tensor Embedding)> writer) => _atOnce.ForEach(batch.Count, (start, count) =>
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var jobs = batch.GetRange(start, count);
        var images = DeviceImages.Of(_preprocessor, jobs.ConvertAll(job => job.Prepared!), _device);
        var embeddings = Encoder(images).to(Recipe.ScalarType).cpu().contiguous();
        for (var i = 0; i < count; i++)
        {
            var embedding = embeddings[i].clone();
            if (!embedding.isfinite().all().ToBoolean())
                throw new ArithmeticException($"The embedding of image '{jobs[i].Image.Id}' is not finite as {Recipe.DType}; check the encoder's weights, or store {EmbeddingDType.Float32}.");
            writer.Add((jobs[i].Image.Key, embedding.DetachFromDisposeScope()));
        }
    });

    private void Write((CacheKey Key, Tensor Embedding) item)
    {
        using (item.Embedding)
            _cache.Write(item.Key, item.Embedding);
    }
}
