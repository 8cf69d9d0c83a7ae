using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Training.Augmentation;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Data;

/// <summary>The frozen encoder's embeddings, or what enters its first block with adapters.</summary>
/// <param name="model">The network.</param>
/// <param name="pass">Computes embeddings into <paramref name="cache"/>.</param>
/// <param name="cache">Where they lie.</param>
internal sealed class EmbeddingStore(SemanticSam model, EmbeddingPass pass, TensorCache cache) : InputStore
{
    public override Tensor Read(IReadOnlyList<(StoredSample Sample, AugmentationDraw? Draw)> samples)
    {
        var recipe = pass.Recipe;
        long[] shape = [samples.Count, .. recipe.Shape];
        var inputs = empty(shape, dtype: ScalarType.Float32).DetachFromDisposeScope();
        using var scope = NewDisposeScope();
        for (var i = 0; i < samples.Count; i++)
        {
            // What the encoder makes of a varied image cannot be had by varying what it made of the image; views are encoded instead.
            var (sample, _) = samples[i];
            using var embedding = CacheEntry.Read(cache, sample.Id, sample.Input, recipe.ScalarType, recipe.Shape);
            // copy_ converts to float32.
            inputs[i].copy_(embedding);
        }
        return inputs;
    }

    public override Tensor Forward(Tensor inputs)
    {
        if (pass.Recipe.Block is not { } block)
            return model.decode(inputs);
        using var embeddings = model.encode_from(inputs, block);
        return model.decode(embeddings);
    }

    protected override EmbeddingPassResult Fill(IEnumerable<LabeledImage> samples, Action<int> progress, CancellationToken cancellation) =>
        pass.Run(samples, sample => sample.Id, sample => sample.Image, new PassProgress(progress), cancellation);

    // Reports at once, where System.Progress would post to another thread.
    private sealed class PassProgress(Action<int> tell) : IProgress<EmbeddingProgress>
    {
        public void Report(EmbeddingProgress value) => tell(value.Done);
    }
}
