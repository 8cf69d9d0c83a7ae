namespace SamSegmentation.ML.Checkpoints.Pickles;

/// <summary>A dict or OrderedDict: values by key, in order. Keys are texts; whole numbers count as their digits.</summary>
internal sealed class PickleDictionary
{
    // Made at the first item, so that a file full of empty dictionaries costs little.
    private OrderedDictionary<string, object?>? _items;

    public IEnumerable<KeyValuePair<string, object?>> Items => _items ?? Enumerable.Empty<KeyValuePair<string, object?>>();

    public bool TryAdd(string key, object? value) =>
        (_items ??= new OrderedDictionary<string, object?>(StringComparer.Ordinal)).TryAdd(key, value);

    public object? Find(string key) => _items is not null && _items.TryGetValue(key, out var value) ? value : null;
}
