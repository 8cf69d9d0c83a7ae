namespace Microsoft.ML;

/// <summary>Trainers of semantic segmentation. Packages add them: SamSegmentation.ML that of Segment Anything.</summary>
public sealed class SegmentationTrainersCatalog
{
    internal SegmentationTrainersCatalog(MLContext context) => Context = context;

    /// <summary>The context, for whoever adds a trainer.</summary>
    internal MLContext Context { get; }
}
