namespace SamSegmentation.ML.Datasets;

/// <summary>The names of a dataset's classes; a name's index is the class id. Id 0 is usually background.</summary>
public sealed class ClassList
{
    private const int SmallVoidId = byte.MaxValue;
    private const int LargeVoidId = ushort.MaxValue;

    /// <summary>Creates a list.</summary>
    /// <param name="names">1 to 65,535 names, none empty, none twice.</param>
    /// <exception cref="ArgumentException">There are no names or too many, or one is empty or comes twice.</exception>
    public ClassList(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        Names = Array.AsReadOnly([.. names]);
        if (Names.Count is 0 or > LargeVoidId)
        {
            throw new ArgumentException($"A class list has 1 to {LargeVoidId} names, not {Names.Count}.", nameof(names));
        }

        Dictionary<string, int> seen = new(Names.Count, StringComparer.Ordinal);
        for (int id = 0; id < Names.Count; id++)
        {
            if (string.IsNullOrWhiteSpace(Names[id]))
            {
                throw new ArgumentException($"Class {id} has no name.", nameof(names));
            }

            if (!seen.TryAdd(Names[id], id))
            {
                throw new ArgumentException($"Classes {seen[Names[id]]} and {id} have the same name '{Names[id]}'.", nameof(names));
            }
        }
    }

    /// <summary>PASCAL VOC's 21 classes: background and its 20 kinds of objects.</summary>
    public static ClassList Voc { get; } = new(
    [
        "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow",
        "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ]);

    /// <summary>The names, by class id.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>How many classes there are; their ids are 0 to Count − 1.</summary>
    public int Count => Names.Count;

    /// <summary>The id of pixels that belong to no class and count nowhere: 255, or 65,535 with more than 255 classes.</summary>
    public int VoidId => Count <= SmallVoidId ? SmallVoidId : LargeVoidId;

    /// <summary>Reads a text file of names, one a line, in the order of their ids.</summary>
    /// <param name="path">The file (UTF-8). Spaces around a name and empty lines at the end do not count.</param>
    /// <returns>The list.</returns>
    /// <exception cref="DatasetException">The file has no names, an empty line among them, or a name twice.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static ClassList Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string[] lines = [.. File.ReadAllLines(path).Select(line => line.Trim())];
        int count = Array.FindLastIndex(lines, line => line.Length > 0) + 1;

        // An empty line among the names would move every later class to another id.
        int empty = Array.IndexOf(lines, "", 0, count);
        if (empty >= 0)
        {
            throw new DatasetException(path, $"line {empty + 1} is empty; expected the name of class {empty}");
        }

        try
        {
            return new ClassList(lines[..count]);
        }
        catch (ArgumentException e)
        {
            throw new DatasetException(path, e.Message, innerException: e);
        }
    }

    /// <summary>Whether a mask may hold an id: a class or void.</summary>
    /// <param name="id">The id.</param>
    /// <returns>True for 0 to <see cref="Count"/> − 1 and <see cref="VoidId"/>.</returns>
    public bool Allows(int id) => (id >= 0 && id < Count) || id == VoidId;
}
