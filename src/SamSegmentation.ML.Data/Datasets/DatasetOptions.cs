using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Datasets;

/// <summary>How a dataset is checked when it is opened.</summary>
public sealed record DatasetOptions
{
    private readonly double _maxSkippedFraction = 0.05;
    private readonly BadSamplePolicy _policy = BadSamplePolicy.Fail;

    /// <summary>The defaults.</summary>
    public static DatasetOptions Default { get; } = new();

    /// <summary>What becomes of samples that cannot be used.</summary>
    /// <value>Default: <see cref="BadSamplePolicy.Fail"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is neither of the two.</exception>
    public BadSamplePolicy Policy
    {
        get => _policy;
        init
        {
            if (value is not (BadSamplePolicy.Fail or BadSamplePolicy.Skip))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "Unknown policy.");
            }

            _policy = value;
        }
    }

    /// <summary>With <see cref="BadSamplePolicy.Skip"/>, the largest part of the samples that may be left out.</summary>
    /// <value>0 to 1, default 0.05.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside 0 to 1.</exception>
    public double MaxSkippedFraction
    {
        get => _maxSkippedFraction;
        init
        {
            if (!(value >= 0 && value <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "Expected 0 to 1.");
            }

            _maxSkippedFraction = value;
        }
    }

    /// <summary>How large photographs and masks may be.</summary>
    /// <value>Default: <see cref="ImageLimits.Default"/>.</value>
    public ImageLimits ImageLimits { get; init; } = ImageLimits.Default;
}
