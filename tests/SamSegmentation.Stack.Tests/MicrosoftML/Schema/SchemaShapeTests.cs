using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Schema;

/// <summary>What an estimator sees of the columns before it is fitted.</summary>
public sealed class SchemaShapeTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Shape_OfADataView_HasKindsButNoSizes()
    {
        var names = new DataViewSchema.Annotations.Builder();
        names.Add("KeyValues", new VectorDataViewType(TextDataViewType.Instance, 2), (ref VBuffer<ReadOnlyMemory<char>> value) => { });
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Hidden", NumberDataViewType.Double);
        builder.AddColumn("Hidden", NumberDataViewType.Single);
        builder.AddColumn("Key", new KeyDataViewType(typeof(ushort), 2), names.ToAnnotations());
        builder.AddColumn("Known", new VectorDataViewType(NumberDataViewType.Byte, 5));
        builder.AddColumn("Unknown", new VectorDataViewType(NumberDataViewType.Byte));
        builder.AddColumn("Image", new ImageDataViewType(2, 3));

        var shape = ShapeOf(builder.ToSchema());

        Assert.Equal(["Hidden", "Key", "Known", "Unknown", "Image"], shape.Select(column => column.Name));
        Assert.Equal(
            ["Scalar", "Scalar", "Vector", "VariableVector", "Scalar"], shape.Select(column => column.Kind.ToString()));
        Assert.Equal(NumberDataViewType.Single, shape[0].ItemType);
        Assert.Equal((true, NumberDataViewType.UInt16), (shape[1].IsKey, (NumberDataViewType)shape[1].ItemType));
        Assert.Equal(new ImageDataViewType(2, 3), shape[4].ItemType);
        var annotation = Assert.Single(shape[1].Annotations);
        Assert.Equal(("KeyValues", SchemaShape.Column.VectorKind.Vector), (annotation.Name, annotation.Kind));
        Assert.Empty(shape[0].Annotations);
    }

    [Fact]
    public void CopyColumns_OutputShape_IsTheInputsAndTheCopys()
    {
        var input = ShapeOf(_ml.Data.LoadFromEnumerable(new Row[1]).Schema);

        var output = _ml.Transforms.CopyColumns("Copy", "Values").GetOutputSchema(input);

        Assert.Equal(["Values", "Other", "Copy"], output.Select(column => column.Name));
        Assert.Equal(SchemaShape.Column.VectorKind.Vector, output[2].Kind);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.CopyColumns("Copy", "Absent").GetOutputSchema(input));
        Assert.Contains("'Absent'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Concatenate_OutputShape_IsAVectorThatTakesTheNamesPlace()
    {
        var input = ShapeOf(_ml.Data.LoadFromEnumerable(new Row[1]).Schema);

        var output = _ml.Transforms.Concatenate("Values", "Values", "Other").GetOutputSchema(input);

        Assert.Equal(["Values", "Other"], output.Select(column => column.Name));
        Assert.Equal((SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single), (output[0].Kind, (NumberDataViewType)output[0].ItemType));
        Assert.Equal("SlotNames", Assert.Single(output[0].Annotations).Name);
    }

    [Fact]
    public void SelectColumns_OutputShape_KeepsTheInputsOrder()
    {
        var input = ShapeOf(_ml.Data.LoadFromEnumerable(new Row[1]).Schema);

        Assert.Equal(["Values", "Other"], _ml.Transforms.SelectColumns("Other", "Values").GetOutputSchema(input).Select(column => column.Name));
        Assert.Equal(["Values"], _ml.Transforms.DropColumns("Other").GetOutputSchema(input).Select(column => column.Name));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.SelectColumns("Absent").GetOutputSchema(input));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.DropColumns("Absent").GetOutputSchema(input));
    }

    [Fact]
    public void Shape_OfNothing_Throws()
    {
        Assert.Throws<ArgumentNullException>(() => new SchemaShape(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SchemaShape([default]));
        Assert.Empty(new SchemaShape([]));
    }

    private static SchemaShape ShapeOf(DataViewSchema schema)
    {
        var spy = new ShapeSpy();
        _ = new EstimatorChain<ITransformer>().Append(spy).Fit(new EmptyView(schema));
        return spy.Shape!;
    }

    private sealed class ShapeSpy : IEstimator<TransformerChain<ITransformer>>
    {
        public SchemaShape? Shape { get; private set; }

        public TransformerChain<ITransformer> Fit(IDataView input) => new();

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shape = inputSchema;
    }

    private sealed class EmptyView(DataViewSchema schema) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => schema;

        public long? GetRowCount() => 0;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => throw new InvalidOperationException();

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            throw new InvalidOperationException();
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[]? Values { get; set; }

        public float Other { get; set; }
    }
}
