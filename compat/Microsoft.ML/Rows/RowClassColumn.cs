using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A column that is bound to a member of a row class.</summary>
internal sealed class RowClassColumn
{
    private RowClassColumn(string name, DataViewType type, RowMember member, DataViewSchema.Annotations annotations)
    {
        Name = name;
        Type = type;
        Member = member;
        Annotations = annotations;
    }

    public string Name { get; }

    public DataViewType Type { get; }

    public RowMember Member { get; }

    public DataViewSchema.Annotations Annotations { get; }

    public static RowClassColumn[] Bind(Type rowType, SchemaDefinition definition, SchemaDefinition.Direction direction) =>
        [.. (definition ?? SchemaDefinition.Create(rowType, direction)).Select(column => Bind(rowType, column, nameof(definition)))];

    /// <summary>The columns that rows of <typeparamref name="TRow"/> give, with the types and annotations of the schema.</summary>
    public static SchemaDefinition Definition<TRow>(IExceptionContext context, DataViewSchema schema)
    {
        var definition = SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        foreach (var column in schema)
        {
            var defined = definition[column.Name] ?? throw context.Except($"Type should contain a member named {column.Name}");
            defined.ColumnType = column.Type;
            defined.SetAnnotations(column.Annotations);
        }

        return definition;
    }

    public static DataViewSchema Schema(IEnumerable<RowClassColumn> columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        return builder.ToSchema();
    }

    private static RowClassColumn Bind(Type rowType, SchemaDefinition.Column column, string parameter)
    {
        var member = RowMember.Find(rowType, column.MemberName)
            ?? throw Contracts.ExceptParam(parameter, $"No field or property with name '{column.MemberName}' found in type '{rowType.FullName}'");
        member.CheckType();
        var name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        var type = column.ColumnType ?? Infer(member);
        if (member.IsVector != type is VectorDataViewType)
            throw Contracts.ExceptParam(parameter, $"Column '{name}' is supposed to be {Kind(type is VectorDataViewType)}, but type of associated field '{member.Name}' is {Kind(member.IsVector)}");
        if (type.ItemType().RawType != member.ItemType)
            throw Contracts.ExceptParam(parameter, $"Column '{name}' is supposed to have item type {type.ItemType().RawType}, but associated field has type {member.ItemType}");
        return new RowClassColumn(name, type, member, column.Annotations);
    }

    private static DataViewType Infer(RowMember member) =>
        member.IsVector ? new VectorDataViewType(BuiltInTypes.Of(member.ItemType)) : BuiltInTypes.Of(member.ItemType);

    private static string Kind(bool isVector) => isVector ? "vector" : "scalar";
}
