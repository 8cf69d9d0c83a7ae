using static System.FormattableString;

namespace SamSegmentation.ML.Prediction;

/// <summary>
/// How often, and at which sizes, the network looks at an image. The default is once, the whole image; more passes are
/// slower by their number and usually better, most of all at the edges of small and thin things.
/// </summary>
/// <remarks>
/// With more than one pass, each pass's softmax probabilities are brought to the image's own size. Windows of one scale
/// are blended by weights that fall linearly towards a window's edges, but not towards the image's, and that add up to
/// exactly 1 in every pixel; scales and mirrored passes are averaged with equal weights. An image that takes one pass
/// only is predicted as without these options, bit for bit.
/// </remarks>
public sealed record InferenceOptions
{
    /// <summary>The largest scale.</summary>
    public const double MaxScale = 8;

    /// <summary>The largest overlap.</summary>
    public const double MaxOverlap = 0.9;

    private const double DefaultOverlap = 0.5;

    /// <summary>One pass over the whole image.</summary>
    public static InferenceOptions Default { get; } = new();

    /// <summary>Whether, and at which size, the image is cut into windows of the network's input size.</summary>
    /// <value>The default is <see cref="SlidingWindow.Off"/>.</value>
    public SlidingWindow Window { get; init; }

    /// <summary>The least part of a window that its neighbour covers too. Windows are spread evenly, the outer ones at the edges.</summary>
    /// <value>The default is 0.5; 0 to <see cref="MaxOverlap"/>, and to be left alone where <see cref="HasWindows"/> is false.</value>
    public double Overlap { get; init; } = DefaultOverlap;

    /// <summary>Whether each pass is done a second time with the image mirrored left to right.</summary>
    /// <value>The default is false.</value>
    public bool Flip { get; init; }

    /// <summary>
    /// The sizes at which the image is seen, as factors of the one that <see cref="Window"/> gives it. What is larger than
    /// the network's input is cut into windows.
    /// </summary>
    /// <value>The default is empty: 1 alone. Each above 0, at most <see cref="MaxScale"/>, and no two equal.</value>
    public IReadOnlyList<double> Scales { get; init; } = [];

    /// <summary>Whether every image is seen once, whole and at the size of the network's input.</summary>
    internal bool IsSinglePass => Window == SlidingWindow.Off && !Flip && Scales.All(scale => scale == 1);

    /// <summary>Whether an image may be cut into windows: by <see cref="Window"/>, or at a scale above 1.</summary>
    public bool HasWindows => Window != SlidingWindow.Off || Scales.Any(scale => scale > 1);

    /// <summary>Lists what cannot be used.</summary>
    /// <returns>Empty when the options are sound.</returns>
    public IReadOnlyList<OptionFault> FindFaults()
    {
        var faults = new List<OptionFault>();
        faults.MustBeDefined(nameof(Window), Window);
        if (!(Overlap is >= 0 and <= MaxOverlap))
            faults.Add(nameof(Overlap), Invariant($"is {Overlap}; it must be 0 to {MaxOverlap}."));
        if (Scales is null)
            faults.Add(nameof(Scales), "is null; it must be a list.");
        var scales = Scales ?? [];
        if (Scales is not null && !HasWindows && Overlap is >= 0 and <= MaxOverlap and not DefaultOverlap)
            faults.Add(nameof(Overlap), Invariant($"is {Overlap}; there are no windows to overlap: it needs {nameof(Window)}, or {nameof(Scales)} above 1."));
        foreach (var scale in scales.Where(scale => !(scale is > 0 and <= MaxScale)))
            faults.Add(nameof(Scales), Invariant($"has {scale}; each must be above 0 and at most {MaxScale}."));
        foreach (var same in scales.GroupBy(scale => scale).Where(same => same.Count() > 1))
            faults.Add(nameof(Scales), Invariant($"has {same.Key} {same.Count()} times; each must be there once."));
        return faults;
    }
}
