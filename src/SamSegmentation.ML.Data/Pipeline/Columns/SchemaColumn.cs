using Microsoft.ML;

namespace SamSegmentation.ML.Pipeline.Columns;

/// <summary>Finds columns by name.</summary>
internal static class SchemaColumn
{
    /// <summary>The column of a name.</summary>
    /// <param name="schema">Where it should be.</param>
    /// <param name="name">Its name.</param>
    /// <param name="role">What it is wanted for.</param>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name, string role) =>
        schema.GetColumnOrNull(name) ?? throw Missing(name, role, schema.Where(column => !column.IsHidden).Select(column => column.Name));

    public static ArgumentException Missing(string name, string role, IEnumerable<string> present) =>
        new($"There is no {role} column '{name}'. The columns are: {string.Join(", ", present)}.");

    public static ArgumentException WrongType(string name, string role, string expected, string actual) =>
        new($"The {role} column '{name}' is {actual}; expected {expected}.");
}
