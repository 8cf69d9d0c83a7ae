namespace Microsoft.ML.OnnxRuntime.Tensors;

/// <summary>Element types that have a type of .NET's own; the two of 16 bits, which the real library defines, are left out.</summary>
internal static class ElementTypes
{
    private static readonly (TensorElementType Element, Type Type, int Size)[] s_types =
    [
        (TensorElementType.Float, typeof(float), 4),
        (TensorElementType.UInt8, typeof(byte), 1),
        (TensorElementType.Int8, typeof(sbyte), 1),
        (TensorElementType.UInt16, typeof(ushort), 2),
        (TensorElementType.Int16, typeof(short), 2),
        (TensorElementType.Int32, typeof(int), 4),
        (TensorElementType.Int64, typeof(long), 8),
        (TensorElementType.String, typeof(string), 0),
        (TensorElementType.Bool, typeof(bool), 1),
        (TensorElementType.Double, typeof(double), 8),
        (TensorElementType.UInt32, typeof(uint), 4),
        (TensorElementType.UInt64, typeof(ulong), 8),
    ];

    public static (Type Type, int Size) Of(TensorElementType element)
    {
        var found = Array.Find(s_types, entry => entry.Element == element);
        return found.Type is null
            ? throw new OnnxRuntimeException(ErrorCode.InvalidArgument, $"Element type: {element} is not registered type.")
            : (found.Type, found.Size);
    }

    public static TensorElementType Of(Type type)
    {
        var found = Array.Find(s_types, entry => entry.Type == type);
        return found.Type is null
            ? throw new OnnxRuntimeException(ErrorCode.InvalidArgument, $"Tensor of type: {type} is not supported")
            : found.Element;
    }
}
