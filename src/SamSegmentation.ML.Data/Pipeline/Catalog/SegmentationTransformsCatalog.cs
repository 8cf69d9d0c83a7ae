using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Pipeline.Drawing;

namespace Microsoft.ML;

/// <summary>Transforms of class ids.</summary>
public sealed class SegmentationTransformsCatalog
{
    internal SegmentationTransformsCatalog()
    {
    }

    /// <summary>Paints every pixel in the colour of its class.</summary>
    /// <param name="outputColumnName">The painting: MLImage.</param>
    /// <param name="labelColumnName">The class ids: Vector of Byte or UInt16, MLImage of grey ids, or the path of a mask.</param>
    /// <param name="heightColumnName">The height of ids that are a vector: Int32.</param>
    /// <param name="widthColumnName">The width of ids that are a vector: Int32.</param>
    /// <param name="colors">The classes' colours; null for PASCAL VOC's.</param>
    /// <returns>The estimator.</returns>
    public LabelDrawingEstimator DrawMask(
        string outputColumnName = "PredictedMaskImage",
        string labelColumnName = "PredictedLabel",
        string heightColumnName = "PredictedHeight",
        string widthColumnName = "PredictedWidth",
        ColorMap? colors = null) => new(new LabelDrawingOptions
        {
            ImageColumnName = null,
            LabelColumnName = labelColumnName,
            HeightColumnName = heightColumnName,
            WidthColumnName = widthColumnName,
            OutputColumnName = outputColumnName,
            Colors = colors ?? ColorMap.Voc,
        });

    /// <summary>Draws the colours of the classes over the photograph; background (id 0) leaves it as it is.</summary>
    /// <param name="outputColumnName">The drawing: MLImage.</param>
    /// <param name="imageColumnName">The photograph: MLImage, or the path of its file.</param>
    /// <param name="labelColumnName">The class ids: Vector of Byte or UInt16, MLImage of grey ids, or the path of a mask.</param>
    /// <param name="heightColumnName">The height of ids that are a vector: Int32.</param>
    /// <param name="widthColumnName">The width of ids that are a vector: Int32.</param>
    /// <param name="opacity">0 (the photograph alone) to 1 (the colours alone).</param>
    /// <param name="colors">The classes' colours; null for PASCAL VOC's.</param>
    /// <returns>The estimator.</returns>
    public LabelDrawingEstimator DrawOverlay(
        string outputColumnName = "PredictedOverlay",
        string imageColumnName = "Image",
        string labelColumnName = "PredictedLabel",
        string heightColumnName = "PredictedHeight",
        string widthColumnName = "PredictedWidth",
        double opacity = 0.5,
        ColorMap? colors = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(imageColumnName);
        return new LabelDrawingEstimator(new LabelDrawingOptions
        {
            ImageColumnName = imageColumnName,
            LabelColumnName = labelColumnName,
            HeightColumnName = heightColumnName,
            WidthColumnName = widthColumnName,
            OutputColumnName = outputColumnName,
            Opacity = opacity,
            Colors = colors ?? ColorMap.Voc,
        });
    }
}
