using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Pipeline.Columns;

namespace SamSegmentation.ML.Pipeline.Mapping;

/// <summary>Columns that are computed from columns of the same row, over one schema.</summary>
internal abstract class RowMapping : IRowToRowMapper
{
    protected RowMapping(DataViewSchema input, IReadOnlyList<DataViewSchema.DetachedColumn> added) => Schema = new MappedSchema(input, added);

    /// <summary>The columns below and above.</summary>
    public MappedSchema Schema { get; }

    /// <inheritdoc/>
    public DataViewSchema InputSchema => Schema.Input;

    /// <inheritdoc/>
    public DataViewSchema OutputSchema => Schema.Output;

    /// <inheritdoc/>
    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        DependenciesOf(ColumnGetter.Active(OutputSchema, dependingColumns));

    /// <inheritdoc/>
    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!ReferenceEquals(input.Schema, InputSchema))
            throw new ArgumentException("The row's schema must be the very schema that this mapper was made for.", nameof(input));
        var active = ColumnGetter.Active(OutputSchema, activeColumns);
        return new MappedRow(this, input, CreateGetters(input, Schema.ActiveAdded(active)));
    }

    /// <summary>The input columns that active output columns need.</summary>
    public IEnumerable<DataViewSchema.Column> DependenciesOf(bool[] active)
    {
        var added = Schema.ActiveAdded(active);
        var needed = new HashSet<int>(Enumerable.Range(0, added.Length).Where(i => added[i]).SelectMany(Needs).Select(column => column.Index));
        needed.UnionWith(Enumerable.Range(0, active.Length).Where(i => active[i]).Select(i => Schema.InputOf(i)?.Index).OfType<int>());
        return InputSchema.Where(column => needed.Contains(column.Index));
    }

    /// <summary>The getters of the active added columns over a row; null for the others. Each computes when it is called.</summary>
    /// <param name="input">The row; it moves below the getters.</param>
    /// <param name="active">Which added columns are wanted.</param>
    public abstract Delegate?[] CreateGetters(DataViewRow input, bool[] active);

    /// <summary>The input columns that an added column is computed from.</summary>
    protected abstract IEnumerable<DataViewSchema.Column> Needs(int added);
}
