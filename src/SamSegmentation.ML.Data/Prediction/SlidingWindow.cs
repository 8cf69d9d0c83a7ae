namespace SamSegmentation.ML.Prediction;

/// <summary>Whether an image is cut into windows of the network's input size, and at which size it is cut.</summary>
public enum SlidingWindow
{
    /// <summary>The longest side fits the input: one pass, and windows only at scales above 1.</summary>
    Off,

    /// <summary>The shorter side fits the input; windows slide along the longer one.</summary>
    ShorterSide,

    /// <summary>The image keeps its own size, and windows cover it: for images of many more pixels than the input.</summary>
    OwnSize,
}
