using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Pipeline.Columns;
using SamSegmentation.ML.Pipeline.Drawing;

namespace SamSegmentation.ML.Pipeline;

/// <summary>Draws class ids in their colours, alone or over the photograph.</summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Property</term><description>Value</description></listheader>
/// <item><term>Does this estimator need to look at the data to train its parameters?</term><description>No</description></item>
/// <item><term>Input column data type</term><description>
/// Class ids: Vector of Byte or UInt16 with Int32 columns of height and width, or MLImage, or Text (a path). Photograph, for
/// overlays: MLImage or Text.
/// </description></item>
/// <item><term>Output column data type</term><description>MLImage</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>SamSegmentation.ML</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class LabelDrawingEstimator : IEstimator<LabelDrawingTransformer>
{
    private readonly LabelDrawingOptions _options;

    internal LabelDrawingEstimator(LabelDrawingOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(options.OutputColumnName, "outputColumnName");
        ArgumentException.ThrowIfNullOrWhiteSpace(options.LabelColumnName, "labelColumnName");
        ArgumentException.ThrowIfNullOrWhiteSpace(options.HeightColumnName, "heightColumnName");
        ArgumentException.ThrowIfNullOrWhiteSpace(options.WidthColumnName, "widthColumnName");
        if (!(options.Opacity is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException("opacity", options.Opacity, "Expected 0 to 1.");
        _options = options;
    }

    /// <summary>Checks the columns; there is nothing to learn.</summary>
    /// <param name="input">Rows with the columns that are read.</param>
    /// <returns>The transformer.</returns>
    /// <exception cref="ArgumentException">A column is missing or of a wrong type.</exception>
    public LabelDrawingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = new LabelDrawingTransformer(_options);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <summary>The columns of a schema's shape with the drawing.</summary>
    /// <param name="inputSchema">The columns below.</param>
    /// <returns>All of them and the drawing.</returns>
    /// <exception cref="ArgumentException">A column is missing or of a wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (_options.ImageColumnName is { } image)
            ShapeColumn.CheckImage(inputSchema, image);
        if (ShapeColumn.CheckLabel(inputSchema, _options.LabelColumnName).Kind != SchemaShape.Column.VectorKind.Scalar)
        {
            ShapeColumn.CheckScalar(inputSchema, _options.HeightColumnName, DrawingMapping.HeightRole, NumberDataViewType.Int32);
            ShapeColumn.CheckScalar(inputSchema, _options.WidthColumnName, DrawingMapping.WidthRole, NumberDataViewType.Int32);
        }
        return ShapeColumn.Add(inputSchema, [ShapeColumn.New(_options.OutputColumnName, AnyImage.Type)]);
    }
}
