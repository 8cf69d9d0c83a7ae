namespace SamSegmentation.ML.Pipeline;

/// <summary>The columns that predictions have on request, beside class ids, height and width.</summary>
[Flags]
public enum SegmentationOutputs
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>The probabilities of all classes: Vector of Single, class after class, each height × width row by row.</summary>
    Score = 1,

    /// <summary>The classes in their colours: MLImage of the photograph's size.</summary>
    MaskImage = 2,

    /// <summary>The colours over the photograph, background left as it is: MLImage of the photograph's size.</summary>
    Overlay = 4,

    /// <summary>All of them.</summary>
    All = Score | MaskImage | Overlay,
}
