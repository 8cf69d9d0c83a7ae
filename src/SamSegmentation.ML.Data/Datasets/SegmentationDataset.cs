using Microsoft.ML.Data;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Datasets;

/// <summary>
/// Photographs with masks of class ids. Every pair is checked when the dataset is opened: both files are there and
/// complete, of the same size, and the mask holds classes and void only. Files are only ever read.
/// </summary>
public sealed class SegmentationDataset
{
    private readonly string _source;
    private readonly SampleCheck _check;

    private SegmentationDataset(
        string source, ClassList classes, SampleCheck check, IReadOnlyList<SegmentationSample> samples, IReadOnlyList<SampleProblem> skipped)
    {
        _source = source;
        _check = check;
        Classes = classes;
        Samples = samples;
        Skipped = skipped;
    }

    /// <summary>The classes that the masks' ids stand for.</summary>
    public ClassList Classes { get; }

    /// <summary>The usable samples: in a list's order, or in the order of their ids (ordinal) for folders.</summary>
    public IReadOnlyList<SegmentationSample> Samples { get; }

    /// <summary>What is wrong with the samples that were left out (<see cref="BadSamplePolicy.Skip"/>).</summary>
    public IReadOnlyList<SampleProblem> Skipped { get; }

    /// <summary>Opens PASCAL VOC 2012.</summary>
    /// <param name="root">The VOC2012 folder, or the VOCdevkit that holds it.</param>
    /// <param name="split">Which list.</param>
    /// <param name="options">How pairs are checked; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the check, which reads every file once.</param>
    /// <returns>The dataset, in the list's order, with <see cref="ClassList.Voc"/>.</returns>
    /// <exception cref="DatasetException">There is no VOC 2012, its list is missing or empty, or samples are bad.</exception>
    /// <exception cref="OperationCanceledException">The check was cancelled.</exception>
    public static SegmentationDataset OpenVoc(
        string root, VocSplit split, DatasetOptions? options = null, CancellationToken cancellationToken = default) =>
        OpenVoc(root, split, ClassList.Voc, options, cancellationToken);

    /// <summary>Opens a dataset of other classes that is laid out as PASCAL VOC 2012.</summary>
    /// <param name="root">The folder that stands for VOC2012, or the VOCdevkit that holds it.</param>
    /// <param name="split">Which list.</param>
    /// <param name="classes">The classes that the masks' ids stand for.</param>
    /// <param name="options">How pairs are checked; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the check, which reads every file once.</param>
    /// <returns>The dataset, in the list's order.</returns>
    /// <exception cref="DatasetException">There is no such layout, its list is missing or empty, or samples are bad.</exception>
    /// <exception cref="OperationCanceledException">The check was cancelled.</exception>
    public static SegmentationDataset OpenVoc(
        string root, VocSplit split, ClassList classes, DatasetOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classes);
        string voc = VocLayout.FindRoot(root);
        return Open(VocLayout.ListPath(voc, split), VocLayout.ReadList(voc, split), classes, null, options ?? DatasetOptions.Default, cancellationToken);
    }

    /// <summary>Opens a folder of photographs and a folder of masks; <see cref="FolderOptions"/> says how they pair.</summary>
    /// <param name="images">The photographs' folder (PNG, JPEG), for example <c>img/train</c>.</param>
    /// <param name="masks">The masks' folder (PNG), for example <c>ann/train</c>; it may be the same.</param>
    /// <param name="classes">The classes that the masks' ids stand for.</param>
    /// <param name="options">Suffixes, kind of masks, checks; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the check, which reads every file once.</param>
    /// <returns>The dataset, in the order of the ids (ordinal).</returns>
    /// <exception cref="ArgumentException">The options name no suffix, or nothing tells photographs from masks.</exception>
    /// <exception cref="DatasetException">A folder is missing, there are no photographs, or samples are bad.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    /// <exception cref="OperationCanceledException">The check was cancelled.</exception>
    public static SegmentationDataset OpenFolder(
        string images, string masks, ClassList classes, FolderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classes);
        options ??= FolderOptions.Default;
        IReadOnlyList<SampleCandidate> pairs = new FolderLayout(images, masks, options).FindPairs();
        return Open(images, pairs, classes, options.MaskColors, options.Dataset, cancellationToken);
    }

    /// <summary>Decodes all samples, one after another as they are asked for.</summary>
    /// <returns>The samples in their order; their number can be told without enumerating them.</returns>
    /// <inheritdoc cref="Read(int)" path="/exception"/>
    public IEnumerable<LabeledImage> Read() => Enumerable.Range(0, Samples.Count).Select(Read);

    /// <summary>Decodes one sample. May be called from several threads.</summary>
    /// <param name="index">Its place in <see cref="Samples"/>.</param>
    /// <returns>Photograph and mask.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="ImageFormatException">The photograph's content cannot be decoded, or a file has changed.</exception>
    /// <exception cref="DatasetException">A file has changed since the dataset was opened, and the pair no longer fits.</exception>
    /// <exception cref="IOException">A file can no longer be read.</exception>
    public LabeledImage Read(int index)
    {
        RgbImage image = _check.LoadImage(SampleAt(index).ImagePath);
        return new LabeledImage(Samples[index].Id, image, ReadLabel(index, image.Height, image.Width));
    }

    /// <summary>Decodes the mask of one sample alone. May be called from several threads.</summary>
    /// <param name="index">Its place in <see cref="Samples"/>.</param>
    /// <returns>The class ids, at the photograph's own size.</returns>
    /// <inheritdoc cref="Read(int)" path="/exception"/>
    public LabelMap ReadLabel(int index) => ReadLabel(index, SampleAt(index).Height, Samples[index].Width);

    /// <summary>Decodes the photograph of one sample alone, as ML.NET's image. May be called from several threads.</summary>
    /// <param name="index">Its place in <see cref="Samples"/>.</param>
    /// <returns>The image, which the caller disposes.</returns>
    /// <inheritdoc cref="Read(int)" path="/exception"/>
    public MLImage ReadMLImage(int index) => _check.LoadMLImage(SampleAt(index).ImagePath);

    private SegmentationSample SampleAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Samples.Count);
        return Samples[index];
    }

    private LabelMap ReadLabel(int index, int height, int width)
    {
        SegmentationSample sample = Samples[index];
        LabelMap label = _check.LoadMask(sample.MaskPath);
        return _check.FindProblem(sample.Id, sample.MaskPath, label, height, width) is { } problem
            ? throw new DatasetException(_source, "a sample has changed since the dataset was opened", [problem])
            : label;
    }

    private static SegmentationDataset Open(
        string source, IReadOnlyList<SampleCandidate> candidates, ClassList classes, ColorMap? maskColors,
        DatasetOptions options, CancellationToken cancellationToken)
    {
        SampleCheck check = new(classes, maskColors, options.ImageLimits);
        var results = new (SegmentationSample? Sample, IReadOnlyList<SampleProblem> Problems)[candidates.Count];
        Parallel.For(0, results.Length, new ParallelOptions { CancellationToken = cancellationToken }, i => results[i] = check.Check(candidates[i]));

        SegmentationSample[] samples = [.. results.Select(result => result.Sample).OfType<SegmentationSample>()];
        SampleProblem[] problems = [.. results.SelectMany(result => result.Problems)];
        ThrowIfTooMany(source, results.Length - samples.Length, results.Length, problems, options);
        return new SegmentationDataset(source, classes, check, Array.AsReadOnly(samples), Array.AsReadOnly(problems));
    }

    private static void ThrowIfTooMany(string source, int bad, int all, SampleProblem[] problems, DatasetOptions options)
    {
        if (bad == 0)
        {
            return;
        }

        string count = $"{bad} of {all} samples cannot be used";
        if (options.Policy is BadSamplePolicy.Fail)
        {
            throw new DatasetException(source, count, problems);
        }

        if (bad == all || bad > options.MaxSkippedFraction * all)
        {
            throw new DatasetException(source, FormattableString.Invariant(
                $"{count}; expected at most {options.MaxSkippedFraction:0.####} of them ({nameof(DatasetOptions.MaxSkippedFraction)}), and one that can"), problems);
        }
    }
}
