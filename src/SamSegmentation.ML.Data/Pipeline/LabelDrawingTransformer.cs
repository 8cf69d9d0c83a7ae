using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Pipeline.Columns;
using SamSegmentation.ML.Pipeline.Drawing;
using SamSegmentation.ML.Pipeline.Mapping;
using SamSegmentation.ML.Pipeline.Saving;

namespace SamSegmentation.ML.Pipeline;

/// <summary>Adds a column of images in which class ids are drawn in their colours, alone or over the photograph.</summary>
public sealed class LabelDrawingTransformer : ITransformer
{
    internal LabelDrawingTransformer(LabelDrawingOptions options)
    {
        AnyImage.Register();
        Options = options;
    }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <summary>What is drawn, and how.</summary>
    internal LabelDrawingOptions Options { get; }

    /// <summary>The columns of a schema with the drawing.</summary>
    /// <param name="inputSchema">The columns below.</param>
    /// <returns>All of them and the drawing.</returns>
    /// <exception cref="ArgumentException">A column is missing or of a wrong type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new DrawingMapping(Options, inputSchema).OutputSchema;

    /// <summary>Adds the drawing to a data view. It is made when a cursor's getter is called.</summary>
    /// <param name="input">Rows with the columns that are read.</param>
    /// <returns>The rows with the drawing.</returns>
    /// <exception cref="ArgumentException">A column is missing or of a wrong type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, new DrawingMapping(Options, input.Schema));
    }

    /// <summary>Adds the drawing to single rows.</summary>
    /// <param name="inputSchema">The rows' columns.</param>
    /// <returns>The mapper of rows.</returns>
    /// <exception cref="ArgumentException">A column is missing or of a wrong type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new DrawingMapping(Options, inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => DrawingFiles.Save(this, ctx);
}
