using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Which columns of a schema fill which members of a row class.</summary>
internal sealed class RowClassBinding<TRow>
    where TRow : class
{
    private readonly (RowClassColumn Target, DataViewSchema.Column Source)[] _columns;

    public RowClassBinding(IHostEnvironment env, DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition definition)
    {
        var host = env.Register("TypedCursorable");
        CheckUnknownMembers(schema, definition);
        var bound = new List<(RowClassColumn, DataViewSchema.Column)>();
        foreach (var target in RowClassColumn.Bind(typeof(TRow), definition, SchemaDefinition.Direction.Write))
        {
            if (schema.GetColumnOrNull(target.Name) is not { } source)
            {
                if (!ignoreMissingColumns)
                    throw host.ExceptSchemaMismatch("Schema", "", target.Name);
                continue;
            }

            var member = target.Member;
            if (member.IsVector != source.Type is VectorDataViewType || source.Type.ItemType().RawType != member.ItemType)
                throw host.Except($"Can't bind the IDataView column '{target.Name}' of type '{source.Type}' to field or property '{member.Name}' of type '{member.Type.FullName}'.");
            bound.Add((target, source));
        }

        _columns = [.. bound];
    }

    public IEnumerable<DataViewSchema.Column> Sources => _columns.Select(column => column.Source);

    /// <summary>What writes the current values of <paramref name="row"/> into an object.</summary>
    public Action<TRow> Filler(DataViewRow row)
    {
        var setters = Array.ConvertAll(_columns, column => RowClassSetters<TRow>.Make(column.Target.Member, row, column.Source));
        return target =>
        {
            foreach (var set in setters)
                set(target);
        };
    }

    /// <summary>A member of a type that no column holds is reported with the type that it should have.</summary>
    private static void CheckUnknownMembers(DataViewSchema schema, SchemaDefinition definition)
    {
        var members = definition is null
            ? RowMember.Of(typeof(TRow), SchemaDefinition.Direction.Write)
            : definition.Select(column => RowMember.Find(typeof(TRow), column.MemberName)).OfType<RowMember>();
        foreach (var member in members.Where(member => !member.IsKnown))
        {
            var expected = schema[schema.GetColumnOrNull(member.ColumnName)?.Index ?? -1].Type.RawType;
            if (expected != member.ItemType)
                throw Contracts.ExceptParam("actualType", $"The expected type '{expected}' does not match the type of the '{member.ColumnName}' member: '{member.ItemType}'. Please change the {member.ColumnName} member to '{expected}'");
        }
    }
}
