using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Display;
using SamSegmentation.Cli.Settings;
using SamSegmentation.ML.Datasets;

namespace SamSegmentation.Cli.Data;

/// <summary>Opens the datasets that the settings name.</summary>
internal static class DatasetOpening
{
    private const string NoDataset = "no dataset: expected --data DIR (PASCAL VOC's layout), or --images DIR and --masks DIR";

    /// <summary>Checks that the settings name one dataset, before anything is read.</summary>
    /// <param name="loaded">The settings.</param>
    /// <exception cref="ConfigurationException">They name none, more than one, or half of one.</exception>
    public static void Check(LoadedSettings<SamSegSettings> loaded)
    {
        var data = loaded.Settings.Dataset;
        var problems = new List<ConfigProblem>();
        if (data is { Voc: null, Images: null, Masks: null, ValImages: null, ValMasks: null })
            problems.Add(new ConfigProblem("", "", NoDataset));
        if (data is { Voc: not null, Images: not null })
            problems.Add(loaded.Problem("dataset.images", $"expected either this or dataset.voc, found both; dataset.voc is '{data.Voc}'"));
        Pair("dataset.images", data.Images, "dataset.masks", data.Masks);
        Pair("dataset.val_images", data.ValImages, "dataset.val_masks", data.ValMasks);
        if (problems.Count > 0)
            throw new ConfigurationException(problems);

        void Pair(string imagesKey, string? images, string masksKey, string? masks)
        {
            if (images is not null && masks is null)
                problems.Add(loaded.Problem(imagesKey, $"expected {masksKey} with it, found none"));
            if (images is null && masks is not null)
                problems.Add(loaded.Problem(masksKey, $"expected {imagesKey} with it, found none"));
        }
    }

    /// <summary>The classes to train.</summary>
    /// <param name="data">The checked settings.</param>
    /// <exception cref="ConfigurationException">The settings name none, for folders.</exception>
    /// <exception cref="DatasetException">The file is not a list of names.</exception>
    public static ClassList Classes(DatasetSettings data)
    {
        if (data.Classes is not null)
            return ClassList.Load(data.Classes);
        return data.Voc is not null
            ? ClassList.Voc
            : throw new ConfigurationException("no classes: expected --classes FILE, a text file with a class name a line, for folders of images and masks");
    }

    /// <summary>Opens what training learns from.</summary>
    /// <param name="data">The checked settings.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="display">Told what is done.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ConfigurationException">The settings name validation images alone.</exception>
    /// <exception cref="DatasetException">The dataset cannot be used.</exception>
    public static SegmentationDataset Training(DatasetSettings data, ClassList classes, IDisplay display, CancellationToken cancellation)
    {
        if (data.Voc is not null)
            return Voc(data, data.TrainSplit, classes, display, cancellation);
        return data.Images is not null
            ? Folders(data, data.Images, data.Masks!, classes, display, cancellation)
            : throw new ConfigurationException("no training images: expected --images DIR and --masks DIR, found those for validation alone");
    }

    /// <summary>Opens what training is validated on.</summary>
    /// <returns>Null when the settings name none.</returns>
    /// <inheritdoc cref="Training"/>
    public static SegmentationDataset? Validation(DatasetSettings data, ClassList classes, IDisplay display, CancellationToken cancellation)
    {
        if (data.Voc is not null)
            return data.ValSplit is { } split ? Voc(data, split, classes, display, cancellation) : null;
        return data.ValImages is not null ? Folders(data, data.ValImages, data.ValMasks!, classes, display, cancellation) : null;
    }

    /// <summary>Opens what is evaluated.</summary>
    /// <param name="settings">The checked settings.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="display">Told what is done.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ConfigurationException">The settings name no such images.</exception>
    /// <exception cref="DatasetException">The dataset cannot be used.</exception>
    public static SegmentationDataset Evaluation(SamSegSettings settings, ClassList classes, IDisplay display, CancellationToken cancellation)
    {
        var (data, split) = (settings.Dataset, settings.EvaluationSplit);
        if (data.Voc is not null)
        {
            var list = split switch
            {
                EvaluationSplit.Train => VocSplit.Train,
                EvaluationSplit.Val => VocSplit.Val,
                _ => VocSplit.TrainVal,
            };
            return Voc(data, list, classes, display, cancellation);
        }
        return split switch
        {
            EvaluationSplit.Train => Training(data, classes, display, cancellation),
            EvaluationSplit.Val => Validation(data, classes, display, cancellation)
                ?? throw new ConfigurationException("no validation images: expected --val-images DIR and --val-masks DIR, or --split train to evaluate on --images and --masks"),
            _ => throw new ConfigurationException("--split: trainval is a list of VOC's; of folders, expected train or val"),
        };
    }

    private static SegmentationDataset Voc(
        DatasetSettings data, VocSplit split, ClassList classes, IDisplay display, CancellationToken cancellation)
    {
        display.Progress($"checking {data.Voc}, {split.ToString().ToLowerInvariant()}", 0, null);
        return SegmentationDataset.OpenVoc(data.Voc!, split, classes, data.Checks, cancellation);
    }

    private static SegmentationDataset Folders(
        DatasetSettings data, string images, string masks, ClassList classes, IDisplay display, CancellationToken cancellation)
    {
        display.Progress($"checking {images}", 0, null);
        return SegmentationDataset.OpenFolder(images, masks, classes, data.Folders, cancellation);
    }
}
