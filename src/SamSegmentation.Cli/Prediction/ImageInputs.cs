using SamSegmentation.Cli.Configuration;
using SamSegmentation.ML.Datasets;

namespace SamSegmentation.Cli.Prediction;

/// <summary>Finds the images that files, folders and patterns name.</summary>
internal static class ImageInputs
{
    private static readonly IReadOnlyList<string> s_suffixes = FolderOptions.Default.ImageSuffixes;

    /// <summary>Finds them, in the order in which they were named and ordinal order within.</summary>
    /// <param name="names">
    /// Files; folders, of which all JPEG and PNG files at any depth are taken; patterns, see <see cref="PathPattern"/>.
    /// </param>
    /// <returns>At least one image, none twice.</returns>
    /// <exception cref="FileNotFoundException">A name stands for no image.</exception>
    /// <exception cref="ConfigurationException">Outputs of two images would have the same name.</exception>
    public static IReadOnlyList<ImageInput> Find(IEnumerable<string> names)
    {
        var inputs = names.SelectMany(Expand).DistinctBy(input => Path.GetFullPath(input.Path)).ToList();
        // Compared without case, because some file systems do.
        var clashes = inputs.GroupBy(input => input.Id, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1).ToList();
        return clashes.Count == 0
            ? inputs
            : throw new ConfigurationException([.. clashes.Select(same => new ConfigProblem(
                "", "", $"the outputs of {string.Join(" and ", same.Select(input => input.Path))} would all be called '{same.Key}'; name a folder above them, or predict them apart"))]);
    }

    private static IReadOnlyList<ImageInput> Expand(string name)
    {
        if (File.Exists(name))
            return [OfFile(name)];
        if (Directory.Exists(name))
            return OfFolder(name);
        if (!PathPattern.IsPattern(name))
            throw new FileNotFoundException($"'{name}': no such file or folder");
        var found = PathPattern.Expand(name).ToList();
        return found.Count > 0
            ? [.. found.SelectMany(path => File.Exists(path) ? [OfFile(path)] : OfFolder(path))]
            : throw new FileNotFoundException($"'{name}': no file or folder fits this pattern");
    }

    private static ImageInput OfFile(string path) => new(Path.GetFileNameWithoutExtension(path), path);

    private static IReadOnlyList<ImageInput> OfFolder(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => s_suffixes.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .Select(file => new ImageInput(Path.ChangeExtension(Path.GetRelativePath(folder, file), null).Replace(Path.DirectorySeparatorChar, '/'), file))
            .ToList();
        return files.Count > 0 ? files : throw new FileNotFoundException($"'{folder}': no images in this folder; expected {string.Join(", ", s_suffixes)}");
    }
}
