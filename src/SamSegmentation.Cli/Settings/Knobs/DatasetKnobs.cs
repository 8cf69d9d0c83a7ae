using SamSegmentation.Cli.Configuration;
using SamSegmentation.ML.Datasets;

namespace SamSegmentation.Cli.Settings.Knobs;

/// <summary>The settings under <c>dataset</c>.</summary>
internal static class DatasetKnobs
{
    private static readonly (string, VocSplit)[] s_splits = [("train", VocSplit.Train), ("val", VocSplit.Val), ("trainval", VocSplit.TrainVal)];

    private static readonly string[] s_folders = ["dataset.images", "dataset.masks", "dataset.val_images", "dataset.val_masks"];

    /// <summary>Where images and masks are.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Places { get; } =
    [
        Define(
            "voc", "PASCAL VOC 2012: the VOC2012 folder, or the VOCdevkit that holds it.",
            ValueKinds.OptionalText("DIR"), data => data.Voc, (data, value) => data with { Voc = value }, "--data", s_folders),
        Folder("images", "Instead of VOC: folder of training images.", data => data.Images, (data, value) => data with { Images = value }),
        Folder("masks", "Folder of their masks: PNGs of class ids that have the images' names.", data => data.Masks, (data, value) => data with { Masks = value }),
        Folder("val_images", "Folder of validation images.", data => data.ValImages, (data, value) => data with { ValImages = value }),
        Folder("val_masks", "Folder of their masks.", data => data.ValMasks, (data, value) => data with { ValMasks = value }),
        Define(
            "classes", "File of class names, one a line in the order of their ids; none is VOC's 21 for VOC, and the model's own to evaluate folders.",
            ValueKinds.OptionalText("FILE"), data => data.Classes, (data, value) => data with { Classes = value }),
    ];

    /// <summary>VOC's lists.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Splits { get; } =
    [
        Define(
            "train_split", "VOC's list to train on.",
            ValueKinds.Choice(s_splits), data => data.TrainSplit, (data, value) => data with { TrainSplit = value }),
        Define(
            "val_split", "VOC's list to validate on.",
            ValueKinds.Optional(ValueKinds.Choice(s_splits)), data => data.ValSplit, (data, value) => data with { ValSplit = value }),
    ];

    /// <summary>How files in folders pair.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Pairing { get; } =
    [
        Define(
            "image_suffixes", "How names of images end, in folders.",
            ValueKinds.ListOf(ValueKinds.Text(".SUFFIX")), data => data.ImageSuffixes, (data, value) => data with { ImageSuffixes = value }),
        Define(
            "mask_suffix", "How names of masks end, in folders; for example _mask.png.",
            ValueKinds.Text(".SUFFIX"), data => data.MaskSuffix, (data, value) => data with { MaskSuffix = value }),
        Define(
            "recursive", "Search the folders within the folders too.",
            ValueKinds.Flag, data => data.Recursive, (data, value) => data with { Recursive = value }),
        Define(
            "colored_masks", "Masks in folders are painted in VOC's colours instead of holding class ids.",
            ValueKinds.Flag, data => data.ColoredMasks, (data, value) => data with { ColoredMasks = value }),
    ];

    /// <summary>What becomes of bad files; prediction obeys these too.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Policy { get; } =
    [
        Define(
            "bad_samples", "What becomes of images and masks that cannot be used: fail, or skip and list them.",
            ValueKinds.Choice(("fail", BadSamplePolicy.Fail), ("skip", BadSamplePolicy.Skip)), data => data.BadSamples, (data, value) => data with { BadSamples = value }),
        Define(
            "max_skipped", "With skip, the largest part of them that may be left out.",
            ValueKinds.Number(0, 1), data => data.MaxSkipped, (data, value) => data with { MaxSkipped = value }),
    ];

    /// <summary>How large images may be; prediction obeys this too.</summary>
    public static IEnumerable<Knob<SamSegSettings>> Limits { get; } =
    [
        Define(
            "max_pixels", "The largest height × width that is decoded.",
            ValueKinds.Long(1), data => data.MaxPixels, (data, value) => data with { MaxPixels = value }),
    ];

    private static Knob<SamSegSettings> Folder(
        string name, string help, Func<DatasetSettings, string?> get, Func<DatasetSettings, string?, DatasetSettings> set) =>
        Define(name, help, ValueKinds.OptionalText("DIR"), get, set, rivals: ["dataset.voc"]);

    private static Knob<SamSegSettings> Define<T>(
        string name,
        string help,
        ValueKind<T> kind,
        Func<DatasetSettings, T> get,
        Func<DatasetSettings, T, DatasetSettings> set,
        string? option = null,
        IReadOnlyList<string>? rivals = null) =>
        Knob<SamSegSettings>.Define(
            $"dataset.{name}", help, kind, settings => get(settings.Dataset), (settings, value) => settings with { Dataset = set(settings.Dataset, value) }, option, rivals);
}
