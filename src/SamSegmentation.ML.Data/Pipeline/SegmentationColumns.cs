namespace SamSegmentation.ML.Pipeline;

/// <summary>The columns that a transformer reads and adds.</summary>
public sealed record SegmentationColumns
{
    /// <summary>The photographs: MLImage, or paths as text.</summary>
    /// <value>The default is <c>Image</c>.</value>
    public string Image { get; init; } = "Image";

    /// <summary>The predicted class ids: Vector of Byte, or of UInt16 with more than 255 classes.</summary>
    /// <value>The default is <c>PredictedLabel</c>.</value>
    public string PredictedLabel { get; init; } = "PredictedLabel";

    /// <summary>The height of the prediction, which is the photograph's own: Int32.</summary>
    /// <value>The default is <c>PredictedHeight</c>.</value>
    public string PredictedHeight { get; init; } = "PredictedHeight";

    /// <summary>The width of the prediction, which is the photograph's own: Int32.</summary>
    /// <value>The default is <c>PredictedWidth</c>.</value>
    public string PredictedWidth { get; init; } = "PredictedWidth";

    /// <summary>The probabilities (<see cref="SegmentationOutputs.Score"/>).</summary>
    /// <value>The default is <c>Score</c>.</value>
    public string Score { get; init; } = "Score";

    /// <summary>The coloured mask (<see cref="SegmentationOutputs.MaskImage"/>).</summary>
    /// <value>The default is <c>PredictedMaskImage</c>.</value>
    public string PredictedMaskImage { get; init; } = "PredictedMaskImage";

    /// <summary>The overlay (<see cref="SegmentationOutputs.Overlay"/>).</summary>
    /// <value>The default is <c>PredictedOverlay</c>.</value>
    public string PredictedOverlay { get; init; } = "PredictedOverlay";

    /// <summary>Which of the columns on request there are.</summary>
    /// <value>The default is <see cref="SegmentationOutputs.None"/>.</value>
    public SegmentationOutputs Outputs { get; init; }

    /// <summary>The names of all outputs, in the order of their columns, asked for or not.</summary>
    internal IReadOnlyList<string> OutputNames => [PredictedLabel, PredictedHeight, PredictedWidth, Score, PredictedMaskImage, PredictedOverlay];
}
