namespace SamSegmentation.ML.Datasets;

/// <summary>Pairs photographs and masks in folders by their names.</summary>
internal sealed class FolderLayout
{
    private readonly string _images;
    private readonly string _masks;
    private readonly FolderOptions _options;

    public FolderLayout(string images, string masks, FolderOptions options)
    {
        _images = Existing(images, nameof(images));
        _masks = Existing(masks, nameof(masks));
        _options = options;
        if (options.ImageSuffixes.Count == 0 || options.ImageSuffixes.Append(options.MaskSuffix).Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException(
                $"{nameof(FolderOptions.ImageSuffixes)} and {nameof(FolderOptions.MaskSuffix)} must not be empty.", nameof(options));
        }

        if (_images == _masks && options.ImageSuffixes.Contains(options.MaskSuffix, StringComparer.OrdinalIgnoreCase)
            && options.ImageSuffixes.Count == 1)
        {
            throw new ArgumentException(
                $"Photographs and masks lie in one folder ({images}) and both end in '{options.MaskSuffix}'; nothing tells them apart.", nameof(options));
        }
    }

    /// <summary>All pairs in the order of their ids (ordinal); a photograph or mask that stands alone is one too.</summary>
    public IReadOnlyList<SampleCandidate> FindPairs()
    {
        ILookup<string, string> images = Find(_images, inner: _masks, isMask: false);
        ILookup<string, string> masks = Find(_masks, inner: _images, isMask: true);
        SampleCandidate[] pairs = [.. images.Select(group => group.Key).Union(masks.Select(group => group.Key))
            .Order(StringComparer.Ordinal)
            .SelectMany(id => Pair(id, [.. images[id]], [.. masks[id]]))];
        return pairs.Length > 0
            ? pairs
            : throw new DatasetException(_images, $"no photographs ({string.Join(", ", _options.ImageSuffixes)})"
                + (_options.Recursive ? "" : $"; folders within it are searched when {nameof(FolderOptions.Recursive)} is set"));
    }

    private IEnumerable<SampleCandidate> Pair(string id, string[] images, string[] masks)
    {
        string image = images.FirstOrDefault() ?? Path.Combine(_images, id + _options.ImageSuffixes[0]);
        string mask = masks.FirstOrDefault() ?? Path.Combine(_masks, id + _options.MaskSuffix);
        yield return new SampleCandidate(id, image, mask);
        foreach (string other in images.Skip(1).Concat(masks.Skip(1)))
        {
            yield return new SampleCandidate(id, image, mask, new SampleProblem(id, SampleProblemKind.DuplicateId, other,
                $"the same name without suffix as {(images.Contains(other) ? image : mask)}"));
        }
    }

    // Ids to files. Of two folders one of which lies within the other, a file belongs to the inner one.
    private ILookup<string, string> Find(string root, string inner, bool isMask)
    {
        string below = inner + Path.DirectorySeparatorChar;
        bool isWithin = below.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) && inner != root;
        return FolderTree.Files(root, _options.Recursive)
            .Where(file => !isWithin || !file.StartsWith(below, StringComparison.Ordinal))
            .Select(file => (File: file, Suffix: SuffixOf(file, isMask)))
            .Where(found => found.Suffix > 0)
            .OrderBy(found => found.File, StringComparer.Ordinal)
            .ToLookup(found => IdOf(root, found.File, found.Suffix), found => found.File, StringComparer.Ordinal);
    }

    // The length of the suffix that makes the file a photograph or a mask; 0 if it is none.
    private int SuffixOf(string file, bool isMask)
    {
        string name = Path.GetFileName(file);
        int Ending(string suffix) => name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) ? suffix.Length : 0;
        int image = _options.ImageSuffixes.Max(Ending);
        int mask = Ending(_options.MaskSuffix);
        if (_images != _masks)
        {
            return isMask ? mask : image;
        }

        return isMask == (mask >= image) ? Math.Max(mask, image) : 0;
    }

    private static string IdOf(string root, string file, int suffix) =>
        Path.GetRelativePath(root, file)[..^suffix].Replace(Path.DirectorySeparatorChar, '/');

    private static string Existing(string folder, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder, name);
        return Directory.Exists(folder)
            ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))
            : throw new DatasetException(folder, $"the folder of {name} does not exist");
    }
}
