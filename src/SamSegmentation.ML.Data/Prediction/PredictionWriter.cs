using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.IO;

namespace SamSegmentation.ML.Prediction;

/// <summary>
/// Writes predictions as pictures into folders by kind, <c>grey</c>, <c>color</c> and <c>overlay</c>, under the images'
/// ids. Each file is written atomically; one that another run left is replaced.
/// </summary>
public sealed class PredictionWriter
{
    private readonly string _folder;
    private readonly ColorMap _colors;
    private readonly PredictionOutput _outputs;

    // Compared without case, because some file systems do.
    private readonly HashSet<string> _ids = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Writes into a folder; it is created when the first picture is written.</summary>
    /// <param name="folder">The folder, such as <c>outputs</c>.</param>
    /// <param name="outputs">Which pictures are written; at least one.</param>
    /// <param name="colors">The classes' colours; null for PASCAL VOC's.</param>
    /// <param name="opacity">Of the colours over the photograph, in 0..1.</param>
    public PredictionWriter(string folder, PredictionOutput outputs = PredictionOutput.All, ColorMap? colors = null, double opacity = 0.5)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (outputs == PredictionOutput.None || (outputs & ~PredictionOutput.All) != 0)
            throw new ArgumentOutOfRangeException(nameof(outputs), outputs, "At least one of Grey, Color and Overlay is expected.");
        if (!(opacity is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(opacity), opacity, "Expected 0 to 1.");
        _folder = Path.GetFullPath(folder);
        _outputs = outputs;
        _colors = colors ?? ColorMap.Voc;
        Opacity = opacity;
    }

    /// <summary>Opacity of the colours over the photograph.</summary>
    public double Opacity { get; }

    /// <summary>Writes the pictures of one image.</summary>
    /// <param name="id">The image's id: the file's name without its extension. Folders in it, as in <c>a/b</c>, are kept.</param>
    /// <param name="image">The photograph.</param>
    /// <param name="labels">Its class ids.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="ArgumentException">
    /// The id leads out of the folder, or two images of this writer have it; a class has no colour, or the sizes differ.
    /// Nothing is written then.
    /// </exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public IReadOnlyList<string> Write(string id, RgbImage image, LabelMap labels)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(labels);
        // All pictures are made before one is written, so that labels which cannot be drawn leave no file behind.
        var pictures = Encode(image, labels).ToArray();
        Claim(id);
        foreach (var (kind, png) in pictures)
            AtomicFile.Write(PathOf(kind, id), png);
        return [.. pictures.Select(picture => PathOf(picture.Kind, id))];
    }

    private IEnumerable<(string Kind, byte[] Png)> Encode(RgbImage image, LabelMap labels)
    {
        if (_outputs.HasFlag(PredictionOutput.Grey))
            yield return ("grey", LabelMapPng.EncodeGray(labels));
        if (_outputs.HasFlag(PredictionOutput.Color))
            yield return ("color", LabelMapPng.EncodePalette(labels, _colors));
        if (_outputs.HasFlag(PredictionOutput.Overlay))
            yield return ("overlay", Overlay.Blend(image, labels, _colors, Opacity).EncodePng());
    }

    private void Claim(string id)
    {
        var root = Path.Combine(_folder, "grey") + Path.DirectorySeparatorChar;
        var path = PathOf("grey", id);
        if (!path.StartsWith(root, StringComparison.Ordinal) || path.Length == root.Length + ".png".Length)
            throw new ArgumentException($"The id '{id}' does not name a file inside the folder '{_folder}'.", nameof(id));
        lock (_ids)
        {
            if (!_ids.Add(path))
                throw new ArgumentException($"Two images have the id '{id}'; the second would replace the first one's files in '{_folder}'.", nameof(id));
        }
    }

    private string PathOf(string kind, string id) => Path.GetFullPath(Path.Combine(_folder, kind, $"{id}.png"));
}
