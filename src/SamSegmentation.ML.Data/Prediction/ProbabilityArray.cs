namespace SamSegmentation.ML.Prediction;

/// <summary>The probabilities of all classes of an image: classes × height × width values in one array.</summary>
internal static class ProbabilityArray
{
    /// <summary>Makes the array.</summary>
    /// <exception cref="InvalidOperationException">An array cannot hold so many.</exception>
    public static float[] Create(long classes, int height, int width)
    {
        var count = classes * height * width;
        return count <= Array.MaxLength
            ? new float[count]
            : throw new InvalidOperationException(
                $"{classes} classes of {width}×{height} pixels have {count} probabilities; an array holds {Array.MaxLength}. Predict without them, or a smaller image.");
    }
}
