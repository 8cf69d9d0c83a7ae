namespace SamSegmentation.ML.Prediction;

/// <summary>The pictures that a <see cref="PredictionWriter"/> makes of a prediction.</summary>
[Flags]
public enum PredictionOutput
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>grey/ID.png</c>: a grey PNG whose samples are the class ids.</summary>
    Grey = 1,

    /// <summary><c>color/ID.png</c>: a palette PNG; the indices are the class ids, the palette the colours.</summary>
    Color = 2,

    /// <summary><c>overlay/ID.png</c>: the colours over the photograph.</summary>
    Overlay = 4,

    /// <summary>All of them.</summary>
    All = Grey | Color | Overlay,
}
