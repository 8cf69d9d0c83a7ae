using Microsoft.ML;

namespace SamSegmentation.ML.Pipeline.Mapping;

/// <summary>
/// A schema with added columns. As in ML.NET's own transforms, an added column stands right behind the last one of its
/// name, which it hides; one of a new name stands at the end.
/// </summary>
internal sealed class MappedSchema
{
    // An input column by its index, an added one by the complement of its index.
    private readonly int[] _origins;

    public MappedSchema(DataViewSchema input, IReadOnlyList<DataViewSchema.DetachedColumn> added)
    {
        Input = input;
        Added = added.Count;
        var columns = input.Select(column => (Origin: column.Index, Column: new DataViewSchema.DetachedColumn(column))).ToList();
        for (var i = 0; i < added.Count; i++)
        {
            var hidden = columns.FindLastIndex(column => column.Column.Name == added[i].Name);
            columns.Insert(hidden < 0 ? columns.Count : hidden + 1, (~i, added[i]));
        }
        _origins = [.. columns.Select(column => column.Origin)];
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(columns.Select(column => column.Column));
        Output = builder.ToSchema();
    }

    /// <summary>The schema below.</summary>
    public DataViewSchema Input { get; }

    /// <summary>The schema with the added columns.</summary>
    public DataViewSchema Output { get; }

    /// <summary>The number of added columns.</summary>
    public int Added { get; }

    /// <summary>The input column that an output column passes on; null for an added one.</summary>
    public DataViewSchema.Column? InputOf(int output) => _origins[output] >= 0 ? Input[_origins[output]] : null;

    /// <summary>The added column that an output column is, by its place among the added ones.</summary>
    public int AddedOf(int output) => ~_origins[output];

    /// <summary>Of the active output columns, those that are added.</summary>
    public bool[] ActiveAdded(bool[] active)
    {
        var added = new bool[Added];
        for (var i = 0; i < _origins.Length; i++)
        {
            if (_origins[i] < 0)
                added[~_origins[i]] = active[i];
        }
        return added;
    }
}
