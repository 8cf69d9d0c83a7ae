using System.Linq.Expressions;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A public field or property of a row class.</summary>
internal sealed class RowMember
{
    public RowMember(MemberInfo info)
    {
        Info = info;
        Type = info is FieldInfo field ? field.FieldType : ((PropertyInfo)info).PropertyType;
        (IsVector, ItemType) = Shape(Type);
        ColumnName = info.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? info.Name;
        CustomType = info.GetCustomAttributes<DataViewTypeAttribute>().FirstOrDefault();
    }

    public MemberInfo Info { get; }

    public string Name => Info.Name;

    public string ColumnName { get; }

    public Type Type { get; }

    public bool IsVector { get; }

    /// <summary>What the column's items are: text instead of string.</summary>
    public Type ItemType { get; }

    public DataViewTypeAttribute CustomType { get; }

    public bool IsKnown => BuiltInTypes.Knows(ItemType) || DataViewTypeManager.Knows(ItemType, CustomType);

    /// <summary>The members that are columns, fields first.</summary>
    public static IEnumerable<RowMember> Of(Type type, SchemaDefinition.Direction direction)
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;
        var properties = type.GetProperties(Public).Where(property =>
            property.GetIndexParameters().Length == 0
            && ((direction.HasFlag(SchemaDefinition.Direction.Read) && property.GetGetMethod() is not null)
                || (direction.HasFlag(SchemaDefinition.Direction.Write) && property.GetSetMethod() is not null)));
        return type.GetFields(Public).Concat<MemberInfo>(properties)
            .Where(member => member.GetCustomAttribute<NoColumnAttribute>() is null)
            .Select(member => new RowMember(member))
            .Where(member => member.Type != typeof(IChannel));
    }

    public static RowMember Find(Type type, string name)
    {
        MemberInfo info = type.GetField(name);
        info ??= type.GetProperty(name);
        return info is null ? null : new RowMember(info);
    }

    public static (bool IsVector, Type ItemType) Shape(Type type)
    {
        var item = type.IsArray ? type.GetElementType()
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>) ? type.GetGenericArguments()[0]
            : null;
        return (item is not null, (item ?? type) == typeof(string) ? typeof(ReadOnlyMemory<char>) : item ?? type);
    }

    public void RegisterCustomType() => CustomType?.Register();

    public void CheckType()
    {
        if (!IsKnown)
            throw Contracts.ExceptParam("rawType", $"Could not determine an IDataView type and registered custom types for member {Name}");
    }

    public Func<TRow, TValue> Getter<TRow, TValue>()
    {
        var row = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, TValue>>(Expression.MakeMemberAccess(row, Info), row).Compile();
    }

    public Action<TRow, TValue> Setter<TRow, TValue>()
    {
        var row = Expression.Parameter(typeof(TRow));
        var value = Expression.Parameter(typeof(TValue));
        return Expression.Lambda<Action<TRow, TValue>>(Expression.Assign(Expression.MakeMemberAccess(row, Info), value), row, value).Compile();
    }
}
