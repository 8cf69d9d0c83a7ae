using System.Numerics;

namespace SamSegmentation.ML.Checkpoints.Pickles;

/// <summary>The kinds of values that an <see cref="Unpickler"/> makes, by the names that Python gives them.</summary>
internal static class PickleValue
{
    /// <summary>A value's kind, for messages.</summary>
    public static string KindOf(object? value) => value switch
    {
        null => "None",
        bool => "bool",
        long or BigInteger => "int",
        double => "float",
        string => "str",
        byte[] => "bytes",
        object?[] => "tuple",
        List<object?> => "list",
        PickleDictionary => "dict",
        PickleGlobal global => global.Name,
        PickleStorage => "storage",
        PickleTensor => "tensor",
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.GetType(), "No kind of pickled value."),
    };
}
