using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.Cli.Settings;

/// <summary>The images and masks: a PASCAL VOC 2012 folder, or folders of the user's own.</summary>
internal sealed record DatasetSettings
{
    /// <summary>VOC2012 or the VOCdevkit that holds it.</summary>
    public string? Voc { get; init; }

    /// <summary>Folder of the training images.</summary>
    public string? Images { get; init; }

    /// <summary>Folder of their masks.</summary>
    public string? Masks { get; init; }

    /// <summary>Folder of the validation images.</summary>
    public string? ValImages { get; init; }

    /// <summary>Folder of their masks.</summary>
    public string? ValMasks { get; init; }

    /// <summary>File of class names, one a line; null for VOC's 21 with <see cref="Voc"/>.</summary>
    public string? Classes { get; init; }

    /// <summary>VOC's list to train on.</summary>
    public VocSplit TrainSplit { get; init; } = VocSplit.Train;

    /// <summary>VOC's list to validate on; null for no validation.</summary>
    public VocSplit? ValSplit { get; init; } = VocSplit.Val;

    /// <summary>How names of images end.</summary>
    public IReadOnlyList<string> ImageSuffixes { get; init; } = FolderOptions.Default.ImageSuffixes;

    /// <summary>How names of masks end.</summary>
    public string MaskSuffix { get; init; } = FolderOptions.Default.MaskSuffix;

    /// <summary>Whether folders within the folders are searched.</summary>
    public bool Recursive { get; init; } = FolderOptions.Default.Recursive;

    /// <summary>Whether masks are painted in VOC's colours, instead of holding class ids.</summary>
    public bool ColoredMasks { get; init; }

    /// <summary>What becomes of samples that cannot be used.</summary>
    public BadSamplePolicy BadSamples { get; init; } = DatasetOptions.Default.Policy;

    /// <summary>The largest part of the samples that may be skipped.</summary>
    public double MaxSkipped { get; init; } = DatasetOptions.Default.MaxSkippedFraction;

    /// <summary>The largest height × width that is decoded.</summary>
    public long MaxPixels { get; init; } = ImageLimits.Default.MaxPixels;

    /// <summary>How large images may be.</summary>
    public ImageLimits Limits => new() { MaxPixels = MaxPixels };

    /// <summary>How a dataset's pairs are checked.</summary>
    public DatasetOptions Checks => new() { Policy = BadSamples, MaxSkippedFraction = MaxSkipped, ImageLimits = Limits };

    /// <summary>How folders are read.</summary>
    public FolderOptions Folders => new()
    {
        ImageSuffixes = ImageSuffixes,
        MaskSuffix = MaskSuffix,
        Recursive = Recursive,
        MaskColors = ColoredMasks ? ColorMap.Voc : null,
        Dataset = Checks,
    };
}
