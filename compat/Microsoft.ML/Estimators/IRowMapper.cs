namespace Microsoft.ML.Data;

/// <summary>The columns that a transformer adds to rows of one schema.</summary>
internal interface IRowMapper
{
    DataViewSchema.DetachedColumn[] OutputColumns { get; }

    /// <summary>The input columns that an output column is computed from.</summary>
    IEnumerable<DataViewSchema.Column> Dependencies(int output);

    /// <summary>The getters of the outputs that are active; the others are null.</summary>
    Delegate[] CreateGetters(DataViewRow input, bool[] activeOutputs, out Action disposer);
}
