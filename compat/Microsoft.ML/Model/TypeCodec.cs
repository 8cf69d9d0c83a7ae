using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>A column type in a file: a name, and for keys and vectors what they hold and how many. Custom types have no name.</summary>
internal static class TypeCodec
{
    private const string Vector = "VBuffer";
    private const string Key = "Key2";

    private static readonly Dictionary<string, PrimitiveDataViewType> _types = new PrimitiveDataViewType[]
    {
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16, NumberDataViewType.Int32,
        NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64, NumberDataViewType.Single, NumberDataViewType.Double,
        TextDataViewType.Instance, BooleanDataViewType.Instance, TimeSpanDataViewType.Instance, DateTimeDataViewType.Instance,
        DateTimeOffsetDataViewType.Instance, RowIdDataViewType.Instance,
    }.ToDictionary(type => type is TextDataViewType ? "TextSpan" : type.RawType.Name);

    public static bool CanWrite(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType;

    public static void Write(BinaryWriter writer, DataViewType type)
    {
        using var parameters = new MemoryStream();
        using var parameterWriter = new BinaryWriter(parameters);
        string name;
        switch (type)
        {
            case VectorDataViewType vector:
                name = Vector;
                Write(parameterWriter, vector.ItemType);
                parameterWriter.Write(vector.Dimensions.Length);
                foreach (var dimension in vector.Dimensions)
                    parameterWriter.Write(dimension);
                break;
            case KeyDataViewType key:
                name = Key;
                Write(parameterWriter, BuiltInTypes.Of(key.RawType));
                parameterWriter.Write(key.Count);
                break;
            default:
                name = _types.Single(pair => pair.Value == type).Key;
                break;
        }

        writer.Write(name);
        writer.Write7BitEncodedInt64(parameters.Length);
        writer.Write(parameters.ToArray());
    }

    /// <summary>Null for a type of an unknown name.</summary>
    public static DataViewType ReadOrNull(BinaryReader reader)
    {
        var name = reader.ReadString();
        var size = reader.Read7BitEncodedInt64();
        var end = reader.BaseStream.Position + size;
        Contracts.CheckDecode(null, size >= 0 && end <= reader.BaseStream.Length, "Corrupt model file: a column type");
        var type = name switch
        {
            Vector => ReadVector(reader),
            Key => ReadOrNull(reader) is { } item ? new KeyDataViewType(item.RawType, reader.ReadUInt64()) : null,
            _ => _types.GetValueOrDefault(name),
        };
        reader.BaseStream.Position = end;
        return type;
    }

    private static DataViewType ReadVector(BinaryReader reader)
    {
        if (ReadOrNull(reader) is not PrimitiveDataViewType item)
            return null;
        var count = reader.ReadInt32();
        var dimensions = new List<int>();
        for (var i = 0; i < count; i++)
            dimensions.Add(reader.ReadInt32());
        return dimensions.Count == 0 ? new VectorDataViewType(item) : new VectorDataViewType(item, dimensions.ToArray());
    }
}
