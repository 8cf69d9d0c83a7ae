namespace SamSegmentation.ML.Datasets;

/// <summary>Where things are in a VOCdevkit.</summary>
internal static class VocLayout
{
    private static readonly string _lists = Path.Combine("ImageSets", "Segmentation");

    /// <summary>Finds the VOC2012 folder: the given one, or the one within it.</summary>
    public static string FindRoot(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        string[] candidates = [root, Path.Combine(root, "VOC2012"), Path.Combine(root, "VOCdevkit", "VOC2012")];
        return candidates.FirstOrDefault(folder => Directory.Exists(Path.Combine(folder, _lists)))
            ?? throw new DatasetException(root,
                $"no VOC2012 folder: expected {string.Join(" or ", candidates.Select(folder => Path.Combine(folder, _lists)))}");
    }

    /// <summary>The pairs that a list names, in its order; empty lines do not count.</summary>
    public static IReadOnlyList<SampleCandidate> ReadList(string root, VocSplit split)
    {
        string list = ListPath(root, split);
        if (!File.Exists(list))
        {
            throw new DatasetException(list, "the list is missing");
        }

        string[] lines = File.ReadAllLines(list);
        List<SampleCandidate> candidates = new(lines.Length);
        Dictionary<string, int> seen = new(lines.Length, StringComparer.Ordinal);
        for (int line = 0; line < lines.Length; line++)
        {
            string id = lines[line].Trim();
            if (id.Length > 0)
            {
                candidates.Add(new SampleCandidate(
                    id,
                    Path.Combine(root, "JPEGImages", id + ".jpg"),
                    Path.Combine(root, "SegmentationClass", id + ".png"),
                    FindProblem(id, line + 1, list, seen)));
            }
        }

        return candidates.Count > 0 ? candidates : throw new DatasetException(list, "the list is empty; expected an image id on each line");
    }

    /// <summary>The file of a split's list.</summary>
    public static string ListPath(string root, VocSplit split) => Path.Combine(root, _lists, split switch
    {
        VocSplit.Train => "train.txt",
        VocSplit.Val => "val.txt",
        VocSplit.TrainVal => "trainval.txt",
        _ => throw new ArgumentOutOfRangeException(nameof(split), split, "Unknown split."),
    });

    // An id with a separator could name, and a prediction under it could overwrite, files anywhere.
    private static SampleProblem? FindProblem(string id, int line, string list, Dictionary<string, int> seen)
    {
        if (id is "." or ".." || id.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter is '/' or '\\' or ':'))
        {
            return new SampleProblem(id, SampleProblemKind.MalformedId, list,
                $"line {line}: expected one image id, for example 2007_000032, found '{id}'");
        }

        return seen.TryAdd(id, line)
            ? null
            : new SampleProblem(id, SampleProblemKind.DuplicateId, list, $"line {line} repeats line {seen[id]}");
    }
}
