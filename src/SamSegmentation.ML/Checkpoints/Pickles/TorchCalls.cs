using System.Globalization;
using SamSegmentation.ML.Checkpoints.Storage;

namespace SamSegmentation.ML.Checkpoints.Pickles;

/// <summary>Builds the data that a permitted global stands for from the arguments in the pickle.</summary>
/// <remarks>
/// Arguments can be recalled from the memo for two bytes each time. What is made of them is therefore of bounded size,
/// or its parts are counted: a small pickle must not become much by being applied often.
/// </remarks>
internal sealed class TorchCalls(PickleStream pickle)
{
    private long _pairs;

    /// <summary>What <c>global(*arguments)</c> would be in PyTorch, as data.</summary>
    public object Apply(PickleGlobal global, object?[] arguments) => global.Kind switch
    {
        PickleGlobalKind.OrderedDict => Dictionary(arguments),
        PickleGlobalKind.RebuildTensor when arguments.Length == 4 => Tensor(arguments),
        PickleGlobalKind.RebuildTensorV2 when arguments.Length is 6 or 7 => Tensor(arguments),
        PickleGlobalKind.RebuildParameter when arguments is [PickleTensor tensor, _, _] => tensor,
        PickleGlobalKind.Size when arguments is [object?[] sizes] => sizes,
        PickleGlobalKind.Device when arguments is [string { Length: <= PickleLimits.NameLength } type] => type,
        PickleGlobalKind.Device when arguments is [string { Length: <= PickleLimits.NameLength } type, long index] => $"{type}:{index.ToString(CultureInfo.InvariantCulture)}",
        _ => throw pickle.Error($"{global.Name} is applied to {arguments.Length} arguments that it does not take."),
    };

    /// <summary>What torch.save's persistent identifier refers to.</summary>
    public PickleStorage Storage(object? identifier)
    {
        if (identifier is not object?[] { Length: 5 or 6 } parts
            || parts is not ["storage", PickleGlobal { StorageType: { } dtype }, string { Length: <= PickleLimits.NameLength } key, string, long count, ..])
            throw pickle.Error("a persistent identifier is not ('storage', type, key, location, size).");
        if (count < 0)
            throw pickle.Error($"storage '{key}' has {count} elements.");
        if (parts is [_, _, _, _, _, { } view])
        {
            // Only in files before PyTorch 0.4: a storage that is a part of another one.
            if (view is not object?[] viewParts || viewParts is not [string, long first, long viewCount]
                || first < 0 || viewCount < 0 || first > count - viewCount)
                throw pickle.Error($"a view of storage '{key}' does not lie within its {count} elements.");
            return new PickleStorage(key, dtype, count, first, viewCount);
        }
        return new PickleStorage(key, dtype, count, 0, count);
    }

    private PickleDictionary Dictionary(object?[] arguments)
    {
        var result = new PickleDictionary();
        if (arguments is [])
            return result;
        if (arguments is not [List<object?> pairs])
            throw pickle.Error("collections.OrderedDict takes nothing or a list of pairs.");
        if ((_pairs += pairs.Count) > pickle.BytesRead)
            throw pickle.Error($"collections.OrderedDict is applied to {_pairs} pairs, which {pickle.BytesRead} bytes cannot hold: the same ones again and again.");
        foreach (var pair in pairs)
        {
            var (key, value) = pair switch
            {
                object?[] { Length: 2 } tuple => (tuple[0], tuple[1]),
                List<object?> { Count: 2 } list => (list[0], list[1]),
                _ => throw pickle.Error("collections.OrderedDict takes a list of pairs."),
            };
            Add(result, key, value);
        }
        return result;
    }

    /// <summary>Puts an item into a dictionary.</summary>
    public void Add(PickleDictionary dictionary, object? key, object? value)
    {
        var text = key switch
        {
            string name => name,
            long number => number.ToString(CultureInfo.InvariantCulture),
            _ => throw pickle.Error($"a dictionary's key is a {PickleValue.KindOf(key)}; texts and whole numbers of 64 bits are read."),
        };
        if (text.Length > PickleLimits.KeyLength)
            throw pickle.Error($"a dictionary has a key of {text.Length} characters; at most {PickleLimits.KeyLength} are read.");
        if (!dictionary.TryAdd(text, value))
            throw pickle.Error($"the key '{text}' occurs twice in a dictionary.");
    }

    private PickleTensor Tensor(object?[] arguments)
    {
        if (arguments is not [PickleStorage storage, long offset, object?[] sizes, object?[] strides, ..])
            throw pickle.Error("a tensor's arguments are not (storage, offset, size, stride, …).");
        return new PickleTensor(storage, offset, WholeNumbers(sizes), WholeNumbers(strides));
    }

    private long[] WholeNumbers(object?[] values)
    {
        if (values.Length > TensorLayout.MaxDimensions)
            throw pickle.Error($"a tensor of {values.Length} dimensions; at most {TensorLayout.MaxDimensions} are read.");
        return [.. values.Select(value => value is long number ? number : throw pickle.Error("a tensor's size or stride is not a whole number of 64 bits."))];
    }
}
