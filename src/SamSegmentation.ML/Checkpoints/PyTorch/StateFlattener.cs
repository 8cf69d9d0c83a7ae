using System.Globalization;
using System.Numerics;
using SamSegmentation.ML.Checkpoints.Pickles;
using SamSegmentation.ML.Checkpoints.Storage;

namespace SamSegmentation.ML.Checkpoints.PyTorch;

/// <summary>
/// Turns what was pickled, dictionaries and lists within each other, into tensors and texts by dotted names:
/// <c>{"model": {"a.weight": …}, "epoch": 3}</c> gives the tensor <c>model.a.weight</c> and the text <c>epoch</c> = 3.
/// </summary>
internal sealed class StateFlattener
{
    private readonly CheckpointFile _file;
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, PickleTensor> _tensors = new(StringComparer.Ordinal);
    private readonly long _maxValues;
    private readonly long _maxText;
    private long _values;
    private long _textLength;

    private StateFlattener(CheckpointFile file, long pickleBytes)
    {
        _file = file;
        _maxValues = PickleLimits.Values(pickleBytes);
        _maxText = PickleLimits.TextLength(pickleBytes);
    }

    /// <summary>The tensors by name, in order.</summary>
    public IEnumerable<KeyValuePair<string, PickleTensor>> Tensors => _tensors;

    /// <summary>Texts, numbers and truth values by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <param name="file">The file, for messages.</param>
    /// <param name="root">What was pickled.</param>
    /// <param name="pickleBytes">The bytes that it was pickled into, which bound what may come of it.</param>
    /// <exception cref="CheckpointFormatException">It holds no names, two equal ones, or more than the bytes warrant.</exception>
    public static StateFlattener Flatten(CheckpointFile file, object? root, long pickleBytes)
    {
        if (root is not (PickleDictionary or List<object?> or object?[]))
            throw file.Error("pickle", $"it holds a single {PickleValue.KindOf(root)}; a dictionary of named tensors was expected.");
        var flattener = new StateFlattener(file, pickleBytes);
        flattener.Add("", root, depth: 0);
        return flattener;
    }

    private void Add(string name, object? value, int depth)
    {
        if (depth > PickleLimits.Depth)
            throw _file.Error($"value '{name}'", $"dictionaries are nested more than {PickleLimits.Depth} deep.");
        if (++_values > _maxValues)
            throw _file.Error($"value '{name}'", $"more than {_maxValues} values come of the pickle; it holds the same ones again and again.");
        CountText(name, name.Length);
        switch (value)
        {
            case PickleDictionary dictionary:
                foreach (var (key, item) in dictionary.Items)
                    Add(Join(name, key), item, depth + 1);
                break;
            case List<object?> list:
                AddAll(name, list, depth);
                break;
            case object?[] tuple:
                AddAll(name, tuple, depth);
                break;
            case PickleTensor tensor:
                if (!_tensors.TryAdd(name, tensor))
                    throw _file.Error($"tensor '{name}'", "two tensors have this name.");
                break;
            case string or bool or long or double or BigInteger or PickleGlobal:
                AddText(name, value);
                break;
            default:
                // None, bytes and bare storages name nothing that a network or its user could read.
                break;
        }
    }

    private void AddAll(string name, IReadOnlyList<object?> items, int depth)
    {
        for (var index = 0; index < items.Count; index++)
            Add(Join(name, index.ToString(CultureInfo.InvariantCulture)), items[index], depth + 1);
    }

    private void AddText(string name, object value)
    {
        var text = value is PickleGlobal global ? global.Name : Convert.ToString(value, CultureInfo.InvariantCulture)!;
        CountText(name, text.Length);
        if (!_metadata.TryAdd(name, text))
            throw _file.Error($"value '{name}'", "two values have this name.");
    }

    private void CountText(string name, int length)
    {
        if ((_textLength += length) > _maxText)
            throw _file.Error($"value '{name}'", $"names and texts of more than {_maxText} characters come of the pickle; it holds the same ones again and again.");
    }

    private static string Join(string name, string key) => name.Length == 0 ? key : $"{name}.{key}";
}
