using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Which member of a row class is which column.</summary>
public sealed partial class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition()
    {
    }

    [Flags]
    public enum Direction
    {
        Read = 1,
        Write = 2,
        Both = Read | Write,
    }

    public Column this[string columnName]
    {
        get => this.FirstOrDefault(column => column.ColumnName == columnName);
        set
        {
            Contracts.CheckValue(value, nameof(value));
            if (value.ColumnName != columnName)
                throw Contracts.ExceptParam(nameof(columnName), $"The column name is specified as '{value.ColumnName}' but must match the selector '{columnName}'.");
            var index = FindIndex(column => column.ColumnName == columnName);
            if (index >= 0)
                this[index] = value;
            else
                Add(value);
        }
    }

    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        Contracts.CheckValue(userType, nameof(userType));
        var definition = new SchemaDefinition();
        var names = new HashSet<string>();
        foreach (var member in RowMember.Of(userType, direction))
        {
            member.RegisterCustomType();
            if (!names.Add(member.ColumnName))
                throw Contracts.ExceptParam(nameof(userType), $"Duplicate column name '{member.ColumnName}' detected, this is disallowed");
            definition.Add(new Column(member.Name, TypeOf(member, nameof(userType)), member.ColumnName));
        }

        return definition;
    }

    private static DataViewType TypeOf(RowMember member, string parameter)
    {
        member.CheckType();
        if (DataViewTypeManager.Knows(member.ItemType, member.CustomType))
            return DataViewTypeManager.GetDataViewType(member.ItemType, member.CustomType);
        var item = BuiltInTypes.Of(member.ItemType);
        if (member.Info.GetCustomAttribute<KeyTypeAttribute>() is { } key)
        {
            if (!KeyDataViewType.IsValidDataType(member.ItemType))
                throw Contracts.ExceptParam(parameter, $"Member {member.Name} marked with KeyType attribute, but does not appear to be a valid kind of data for a key type");
            item = new KeyDataViewType(member.ItemType, key.Count);
        }

        var vector = member.Info.GetCustomAttribute<VectorTypeAttribute>();
        if (member.IsVector)
            return vector?.Dims is { Length: > 0 } dimensions ? new VectorDataViewType(item, dimensions) : new VectorDataViewType(item);
        return vector is null
            ? item
            : throw Contracts.ExceptParam(parameter, $"Member {member.Name} marked with VectorTypeAttribute, but does not appear to be a vector type");
    }
}
