using System.Buffers.Binary;
using System.Security.Cryptography;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Training.Augmentation;

/// <summary>
/// Varies images together with their labels. What comes out depends on the arguments alone, and not on threads, batches or
/// what was varied before.
/// </summary>
public sealed class Augmenter
{
    // Streams of random numbers that do not depend on each other, nor on those of EpochPlan.
    private const long EpochStream = 2;
    private const long ViewStream = 4;

    private readonly AugmentationOptions _options;
    private readonly int _voidId;
    private readonly int _seed;

    /// <summary>Prepares the variation of images.</summary>
    /// <param name="options">How they are varied.</param>
    /// <param name="voidId">The id that padding gets in labels, 255 for VOC.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InvalidTrainingOptionsException">Some options cannot be used; all are listed.</exception>
    public Augmenter(AugmentationOptions options, int voidId, int seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.FindFaults() is { Count: > 0 } faults)
            throw new InvalidTrainingOptionsException(faults);
        (_options, _voidId, _seed) = (options, voidId, seed);
    }

    /// <summary>The views of an image that are cached, at least 1.</summary>
    public int Views => _options.Views;

    /// <summary>An image as an epoch sees it where the encoder runs in every step; there it is resized for the network before.</summary>
    /// <param name="sample">The image and its label, of the same size.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="index">The image's place in the training set, from 0.</param>
    /// <returns>New pixels and ids of the same size, under the same id.</returns>
    public LabeledImage Vary(LabeledImage sample, int epoch, int index) => Apply(sample, Draw(epoch, index));

    /// <summary>One of the views of an image that are encoded and cached.</summary>
    /// <param name="sample">The image and its label, of the same size.</param>
    /// <param name="view">Which one; 0 is the sample itself.</param>
    /// <returns>Pixels and ids of the same size, under the same id.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The view is less than 0, or not less than <see cref="Views"/>.</exception>
    public LabeledImage View(LabeledImage sample, int view)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentOutOfRangeException.ThrowIfNegative(view);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(view, Views);
        return view == 0 ? sample : Apply(sample, DrawView(sample.Image, view));
    }

    /// <summary>All views of an image, made one after another.</summary>
    /// <param name="sample">The image and its label, of the same size.</param>
    /// <returns><see cref="Views"/> of them, each made when its turn comes; the first is the sample itself.</returns>
    public IEnumerable<LabeledImage> AllViews(LabeledImage sample) => Enumerable.Range(0, Views).Select(view => View(sample, view));

    /// <summary>What is drawn for an image in an epoch.</summary>
    internal AugmentationDraw Draw(int epoch, int index) => AugmentationDraw.Of(_options, SplitMix.Of(EpochStream, _seed, epoch, index));

    /// <summary>Varies an image.</summary>
    internal static RgbImage Apply(RgbImage image, AugmentationDraw draw)
    {
        var part = draw.Scale == 1 ? image : ScaledWindow.Of(image.Height, image.Width, draw).Cut(image);
        if (draw.Mirrored)
            part = Mirroring.Mirror(part);
        if (draw.Colors != ColorDraw.None)
        {
            // The photograph's own pixels stay as they are, and padding takes no part in the mean.
            part = new RgbImage(part.Height, part.Width, (byte[])part.Pixels.Clone());
            ColorJitter.Apply(part.Pixels, draw.Colors);
        }
        return ScaledWindow.Pad(part, image.Height, image.Width);
    }

    /// <summary>Varies a label as its image.</summary>
    internal LabelMap Apply(LabelMap map, AugmentationDraw draw)
    {
        var part = draw.Scale == 1 ? map : ScaledWindow.Of(map.Height, map.Width, draw).Cut(map);
        return ScaledWindow.Pad(draw.Mirrored ? Mirroring.Mirror(part) : part, map.Height, map.Width, _voidId);
    }

    private LabeledImage Apply(LabeledImage sample, AugmentationDraw draw)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return sample with { Image = Apply(sample.Image, draw), Label = Apply(sample.Label, draw) };
    }

    // From the image itself and not from the run's seed or the image's place, so that other runs, and sets that are divided
    // or ordered in another way, find what was encoded.
    private AugmentationDraw DrawView(RgbImage image, int view)
    {
        var hash = BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(image.Pixels));
        var draw = AugmentationDraw.Of(_options, SplitMix.Of(ViewStream, hash, view));
        return draw with { Mirrored = IsMirrored(SplitMix.Of(ViewStream, hash, 0).Unit(), view) };
    }

    // Of few views the right share is mirrored only if it is dealt out instead of drawn; and as the first is never mirrored,
    // the others' share is larger: of two views with one half, the second always is.
    private bool IsMirrored(double start, int view)
    {
        var share = Math.Min(1, _options.FlipProbability * Views / (Views - 1));
        return Math.Floor(start + share * view) > Math.Floor(start + share * (view - 1));
    }
}
