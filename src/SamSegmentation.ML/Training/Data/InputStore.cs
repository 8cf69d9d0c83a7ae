using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Training.Augmentation;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Data;

/// <summary>What the trained part of the network reads, in the cache: see <see cref="CachedInputs"/>.</summary>
internal abstract class InputStore
{
    /// <summary>Passes over samples once and leaves the inputs and labels of all their views in the cache.</summary>
    /// <param name="samples">The samples, enumerated once, on another thread.</param>
    /// <param name="check">Checks each of them first.</param>
    /// <param name="labels">Where their labels are kept.</param>
    /// <param name="look">Called with each of them, on the other thread.</param>
    /// <param name="augmenter">Makes their views, as they are passed over; null for the images alone.</param>
    /// <param name="progress">Told how many views are done, and of how many.</param>
    /// <param name="cancellation">Stops the pass; what was computed stays in the cache.</param>
    /// <exception cref="DatasetException">There are no samples, or one of them cannot be used.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public StoredSet Fill(
        IEnumerable<LabeledImage> samples,
        SampleCheck check,
        LabelStore labels,
        Action<LabeledImage>? look,
        Augmenter? augmenter,
        Action<int, int?> progress,
        CancellationToken cancellation)
    {
        var views = augmenter?.Views ?? 1;
        int? total = samples.TryGetNonEnumeratedCount(out var count) ? count * views : null;
        var keys = new List<CacheKey>();
        progress(0, total);
        var (images, computed, damaged) = Fill(Checked(), done => progress(done, total), cancellation);
        check.CheckNotEmpty(images.Count);
        return new StoredSet([.. images.Zip(keys, (image, label) => new StoredSample(image.Id, image.Key, label, image.Geometry))], views, computed, damaged);

        IEnumerable<LabeledImage> Checked()
        {
            foreach (var sample in samples)
            {
                check.Check(sample);
                look?.Invoke(sample);
                foreach (var view in augmenter?.AllViews(sample) ?? [sample])
                {
                    keys.Add(labels.Write(view.Label));
                    yield return view;
                }
            }
        }
    }

    /// <summary>Reads inputs from the cache.</summary>
    /// <param name="samples">The batch's samples, and how each is varied; null for not at all, the only way with encoded inputs.</param>
    /// <returns>float32 [batch, …] on the CPU, in no dispose scope; the caller disposes it.</returns>
    /// <exception cref="IOException">An entry is gone or damaged.</exception>
    public abstract Tensor Read(IReadOnlyList<(StoredSample Sample, AugmentationDraw? Draw)> samples);

    /// <summary>Computes class logits [batch, classes, h, h] from inputs.</summary>
    public abstract Tensor Forward(Tensor inputs);

    protected abstract EmbeddingPassResult Fill(IEnumerable<LabeledImage> samples, Action<int> progress, CancellationToken cancellation);
}
