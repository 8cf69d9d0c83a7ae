namespace Microsoft.ML;

/// <summary>Brings semantic segmentation to an <see cref="MLContext"/>.</summary>
public static class SegmentationMLContextExtensions
{
    /// <summary>Everything for semantic segmentation: loaders, trainers, transforms, the evaluator.</summary>
    /// <param name="mlContext">The context.</param>
    /// <returns>The catalog of this context. It holds nothing but the context, so that it need not be kept.</returns>
    public static SegmentationCatalog Segmentation(this MLContext mlContext) => new(mlContext);
}
