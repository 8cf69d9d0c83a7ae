using Microsoft.ML.Data;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Datasets;

/// <summary>Reads the files of samples and says what is wrong with them.</summary>
internal sealed class SampleCheck
{
    private readonly ClassList _classes;
    private readonly ColorMap? _maskColors;
    private readonly ImageLimits _limits;

    public SampleCheck(ClassList classes, ColorMap? maskColors, ImageLimits limits)
    {
        _classes = classes;
        _maskColors = maskColors;
        _limits = limits;
    }

    /// <summary>Checks a pair: the photograph's header and completeness, the whole mask.</summary>
    /// <returns>The sample, or its problems.</returns>
    public (SegmentationSample? Sample, IReadOnlyList<SampleProblem> Problems) Check(SampleCandidate candidate)
    {
        if (candidate.Problem is not null)
        {
            return (null, [candidate.Problem]);
        }

        List<SampleProblem> problems = [];
        ImageInfo? image = ReadImage(candidate, problems);
        LabelMap? mask = ReadMask(candidate, problems);
        if (mask is not null && FindProblem(candidate.Id, candidate.MaskPath, mask, image?.Height ?? mask.Height, image?.Width ?? mask.Width) is { } problem)
        {
            problems.Add(problem);
        }

        return problems.Count > 0
            ? (null, problems)
            : (new SegmentationSample(candidate.Id, candidate.ImagePath, candidate.MaskPath, mask!.Height, mask.Width), []);
    }

    /// <summary>Decodes a mask.</summary>
    public LabelMap LoadMask(string path) =>
        _maskColors is null ? LabelMapPng.Load(path, _limits) : LabelMapPng.LoadColored(path, _maskColors, _limits);

    /// <summary>Decodes a photograph.</summary>
    public RgbImage LoadImage(string path) => RgbImage.Load(path, _limits);

    /// <summary>Decodes a photograph into ML.NET's image.</summary>
    public MLImage LoadMLImage(string path) => RgbImage.DecodeMLImage(ImageBytes.Read(path), _limits, path);

    /// <summary>What is wrong with a mask for a photograph of the given size.</summary>
    public SampleProblem? FindProblem(string id, string maskPath, LabelMap mask, int height, int width)
    {
        if (mask.Height != height || mask.Width != width)
        {
            return new SampleProblem(id, SampleProblemKind.SizeMismatch, maskPath,
                $"the mask is {mask.Width}×{mask.Height}, its photograph {width}×{height}");
        }

        int first = -1, count = 0;
        (int classes, int voidId) = (_classes.Count, _classes.VoidId);
        ReadOnlySpan<ushort> ids = mask.Ids;
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] >= classes && ids[i] != voidId)
            {
                first = first < 0 ? i : first;
                count++;
            }
        }

        return first < 0
            ? null
            : new SampleProblem(id, SampleProblemKind.UnknownClassId, maskPath,
                $"pixel (x {first % mask.Width}, y {first / mask.Width}) has id {ids[first]}; expected 0 to {classes - 1} or {voidId} for void"
                + (count > 1 ? $" ({count} such pixels)" : ""));
    }

    private ImageInfo? ReadImage(SampleCandidate candidate, List<SampleProblem> problems)
    {
        if (!File.Exists(candidate.ImagePath))
        {
            problems.Add(new SampleProblem(candidate.Id, SampleProblemKind.MissingImage, candidate.ImagePath, "the photograph is missing"));
            return null;
        }

        try
        {
            return ImageHeader.Verify(ImageBytes.Read(candidate.ImagePath), _limits, candidate.ImagePath);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            problems.Add(new SampleProblem(candidate.Id, SampleProblemKind.UnreadableImage, candidate.ImagePath, Describe(e)));
            return null;
        }
    }

    private LabelMap? ReadMask(SampleCandidate candidate, List<SampleProblem> problems)
    {
        if (!File.Exists(candidate.MaskPath))
        {
            problems.Add(new SampleProblem(candidate.Id, SampleProblemKind.MissingMask, candidate.MaskPath, "the mask is missing"));
            return null;
        }

        try
        {
            return LoadMask(candidate.MaskPath);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            problems.Add(new SampleProblem(candidate.Id, SampleProblemKind.UnreadableMask, candidate.MaskPath, Describe(e)));
            return null;
        }
    }

    private static bool IsUnreadable(Exception e) => e is ImageFormatException or IOException or UnauthorizedAccessException;

    // The problem names the file already.
    private static string Describe(Exception e) => e is ImageFormatException format ? $"{format.Place}: {format.Reason}" : e.Message;
}
