using SamSegmentation.ML.Pipeline;

namespace Microsoft.ML;

/// <summary>Adds the trainer of Segment Anything to <see cref="SegmentationCatalog.Trainers"/>.</summary>
public static class SamTrainerCatalogExtensions
{
    /// <summary>Fine-tunes Segment Anything.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="options">How.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="Extensions.Options.OptionsValidationException">Some options cannot be used; all are listed.</exception>
    public static SamSemanticSegmentationTrainer Sam(this SegmentationTrainersCatalog catalog, SamTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new SamSemanticSegmentationTrainer(catalog.Context, options);
    }

    /// <summary>Fine-tunes Segment Anything with the defaults of <see cref="SamTrainerOptions"/>.</summary>
    /// <param name="catalog">The trainers.</param>
    /// <param name="labelColumnName">The class ids: Vector of Byte or UInt16, MLImage, or the path of a mask.</param>
    /// <param name="imageColumnName">The photographs: MLImage, or the path of a file.</param>
    /// <param name="predictedLabelColumnName">The predicted class ids.</param>
    /// <param name="checkpoint">The weights to start from; null for random ones of the variant.</param>
    /// <param name="variant">The network's size; null for what the checkpoint holds, and ViT-B without one.</param>
    /// <param name="validationSet">Rows on which each epoch is measured; null for none.</param>
    /// <param name="epochs">Passes over the training set.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="Extensions.Options.OptionsValidationException">Some options cannot be used; all are listed.</exception>
    public static SamSemanticSegmentationTrainer Sam(
        this SegmentationTrainersCatalog catalog,
        string labelColumnName = "Label",
        string imageColumnName = "Image",
        string predictedLabelColumnName = "PredictedLabel",
        string? checkpoint = null,
        SamVariant? variant = null,
        IDataView? validationSet = null,
        int epochs = 50) => catalog.Sam(new SamTrainerOptions
        {
            LabelColumnName = labelColumnName,
            ImageColumnName = imageColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            Checkpoint = checkpoint,
            Variant = checkpoint is null ? variant ?? SamVariant.VitB : variant,
            ValidationSet = validationSet,
            Epochs = epochs,
        });
}
