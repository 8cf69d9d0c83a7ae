using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace SamSegmentation.ML.Pipeline.Columns;

/// <summary>Columns of a schema's shape, which is what an estimator knows of its input before there is data.</summary>
internal static class ShapeColumn
{
    /// <summary>Checks a column of photographs.</summary>
    /// <exception cref="ArgumentException">It is missing or of a wrong type.</exception>
    public static void CheckImage(SchemaShape schema, string name)
    {
        var column = Find(schema, name, ImageColumn.Role);
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || column.IsKey || !ImageColumn.Accepts(column.ItemType))
            throw SchemaColumn.WrongType(name, ImageColumn.Role, ImageColumn.Expected, Describe(column));
    }

    /// <summary>Checks a column of class ids.</summary>
    /// <returns>The column.</returns>
    /// <exception cref="ArgumentException">It is missing or of a wrong type.</exception>
    public static SchemaShape.Column CheckLabel(SchemaShape schema, string name)
    {
        var column = Find(schema, name, LabelColumn.Role);
        var isLabel = column.Kind == SchemaShape.Column.VectorKind.Scalar ? LabelColumn.Accepts(column.ItemType) : LabelColumn.AcceptsItems(column.ItemType);
        return isLabel && !column.IsKey ? column : throw SchemaColumn.WrongType(name, LabelColumn.Role, LabelColumn.Expected, Describe(column));
    }

    /// <summary>Checks a column of single values.</summary>
    /// <exception cref="ArgumentException">It is missing or of another type.</exception>
    public static void CheckScalar(SchemaShape schema, string name, string role, DataViewType type)
    {
        var column = Find(schema, name, role);
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || column.IsKey || !column.ItemType.Equals(type))
            throw SchemaColumn.WrongType(name, role, type.ToString()!, Describe(column));
    }

    /// <summary>A shape with further columns; one of the same name is replaced.</summary>
    public static SchemaShape Add(SchemaShape schema, IReadOnlyList<SchemaShape.Column> added) =>
        new(schema.Where(column => !added.Any(other => other.Name == column.Name)).Concat(added));

    /// <summary>A column of single values.</summary>
    public static SchemaShape.Column New(string name, DataViewType type) => New(name, SchemaShape.Column.VectorKind.Scalar, type, false, null!);

    /// <summary>A column of vectors of any length, with the classes' names as an annotation.</summary>
    public static SchemaShape.Column NewVector(string name, DataViewType item, string annotation) =>
        New(name, SchemaShape.Column.VectorKind.VariableVector, item, false,
            new SchemaShape([New(annotation, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false, null!)]));

    private static SchemaShape.Column Find(SchemaShape schema, string name, string role)
    {
        foreach (var column in schema)
        {
            if (column.Name == name)
                return column;
        }
        throw SchemaColumn.Missing(name, role, schema.Select(column => column.Name));
    }

    private static string Describe(SchemaShape.Column column)
    {
        var item = column.IsKey ? $"Key<{column.ItemType}>" : column.ItemType.ToString();
        return column.Kind == SchemaShape.Column.VectorKind.Scalar ? item! : $"{column.Kind} of {item}";
    }

    // ML.NET keeps the constructor to itself, although an estimator of any other origin needs it.
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern SchemaShape.Column New(
        string name, SchemaShape.Column.VectorKind vecKind, DataViewType itemType, bool isKey, SchemaShape annotations);
}
