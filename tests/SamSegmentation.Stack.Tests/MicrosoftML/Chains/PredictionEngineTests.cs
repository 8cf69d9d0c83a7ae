using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Chains;

public sealed class PredictionEngineTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Predict_ComputesOnlyWhatTheOutputClassHas()
    {
        var wanted = new ScalingTransformer("X", "A", 2);
        var unwanted = new ScalingTransformer("X", "B", 3);
        using var engine = _ml.Model.CreatePredictionEngine<Input, Output>(new TransformerChain<ITransformer>(wanted, unwanted));

        Assert.Equal([6, 8], new[] { 3f, 4f }.Select(x => engine.Predict(new Input { X = x }).A));
        Assert.Equal((2, 0), (wanted.Computed, unwanted.Computed));
        // All columns are asked for nevertheless, so a transformer must compute lazily.
        Assert.Equal(["X", "A", "B"], unwanted.Asked);
    }

    [Fact]
    public void Predict_IntoAGivenObject_FillsIt()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Input, Output>(new ScalingTransformer("X", "A", 2));
        var output = new Output { Extra = "kept" };
        var filled = output;

        engine.Predict(new Input { X = 5 }, ref filled);

        Assert.Same(output, filled);
        Assert.Equal((10, "kept"), (output.A, output.Extra));
        Output created = null!;
        engine.Predict(new Input { X = 1 }, ref created);
        Assert.Equal(2, created.A);
    }

    [Fact]
    public void Predict_OfNothing_Throws()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Input, Output>(new ScalingTransformer("X", "A", 2));

        Assert.Throws<ArgumentNullException>(() => engine.Predict(null!));
    }

    [Fact]
    public void Position_OfTheRow_GrowsWithEachPrediction()
    {
        var positions = new PositionTransformer();
        using var engine = _ml.Model.CreatePredictionEngine<Input, Where>(positions);

        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(_ => engine.Predict(new Input()).Position));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void Dispose_DisposesTheTransformerItOwns(bool owns, int disposed)
    {
        var transformer = new ScalingTransformer("X", "A", 2);
        var engine = _ml.Model.CreatePredictionEngine<Input, Output>(transformer, new PredictionEngineOptions { OwnsTransformer = owns });

        engine.Dispose();
        engine.Dispose();

        Assert.Equal(disposed, transformer.Disposed);
    }

    [Fact]
    public void Dispose_WithoutOptions_DisposesTheTransformer()
    {
        var transformer = new ScalingTransformer("X", "A", 2);

        _ml.Model.CreatePredictionEngine<Input, Output>(transformer).Dispose();

        Assert.Equal(1, transformer.Disposed);
    }

    [Fact]
    public void MissingOutput_IsIgnoredUnlessToldNotTo()
    {
        using (var engine = _ml.Model.CreatePredictionEngine<Input, Output>(new ScalingTransformer("X", "B", 2)))
            Assert.Equal(0, engine.Predict(new Input { X = 5 }).A);

        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Model.CreatePredictionEngine<Input, Output>(new ScalingTransformer("X", "B", 2), ignoreMissingColumns: false));
        Assert.Contains("'A'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingInput_IsNamed()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Model.CreatePredictionEngine<Input, Output>(new ScalingTransformer("Absent", "A", 2)));

        Assert.Contains("'Absent'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transformer_ThatMapsNoRows_IsRefused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Model.CreatePredictionEngine<Input, Output>(new ScalingTransformer("X", "A", 2) { IsRowToRowMapper = false }));

        Assert.Equal("transformer", error.ParamName);
        Assert.Throws<ArgumentNullException>(() => _ml.Model.CreatePredictionEngine<Input, Output>(null!));
    }

    [Fact]
    public void Definitions_OfInputAndOutput_AreUsed()
    {
        var input = SchemaDefinition.Create(typeof(Input));
        input["X"].ColumnName = "In";
        var output = SchemaDefinition.Create(typeof(Output));
        output["A"].ColumnName = "Out";
        output.Remove(output["Extra"]);
        using var engine = _ml.Model.CreatePredictionEngine<Input, Output>(
            new ScalingTransformer("In", "Out", 3), ignoreMissingColumns: false, inputSchemaDefinition: input, outputSchemaDefinition: output);

        Assert.Equal(9, engine.Predict(new Input { X = 3 }).A);
        Assert.Equal(["In", "Out"], engine.OutputSchema.Select(column => column.Name));
    }

    [Fact]
    public void InputSchema_GivesTypesToTheInputClass()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("X", NumberDataViewType.Single);
        using var engine = _ml.Model.CreatePredictionEngine<Input, Complete>(new ScalingTransformer("X", "A", 2), builder.ToSchema());

        Assert.Equal(4, engine.Predict(new Input { X = 2 }).A);
    }

    [Fact]
    public void Scopes_AreIgnored()
    {
        var chain = new TransformerChain<ITransformer>(
            [new ScalingTransformer("X", "A", 2), new ScalingTransformer("A", "A", 5)], [TransformerScope.Everything, TransformerScope.TrainTest]);

        using var engine = _ml.Model.CreatePredictionEngine<Input, Output>(chain);
        using var scoring = _ml.Model.CreatePredictionEngine<Input, Output>(chain.GetModelFor(TransformerScope.Scoring));

        Assert.Equal((20, 4), (engine.Predict(new Input { X = 2 }).A, scoring.Predict(new Input { X = 2 }).A));
        Assert.Equal(["X", "A"], engine.OutputSchema.Select(column => column.Name));
    }

    private sealed class Input
    {
        public float X { get; set; }
    }

    private sealed class Output
    {
        public float A { get; set; }
        public string? Extra { get; set; }
    }

    private sealed class Complete
    {
        public float A { get; set; }
    }

    private sealed class Where
    {
        public long Position { get; set; }
    }

    /// <summary>Tells the position of each row.</summary>
    private sealed class PositionTransformer : ITransformer, IRowToRowMapper
    {
        public bool IsRowToRowMapper => true;

        public DataViewSchema InputSchema { get; private set; } = null!;

        public DataViewSchema OutputSchema => GetOutputSchema(InputSchema);

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
        {
            var builder = new DataViewSchema.Builder();
            builder.AddColumn("Position", NumberDataViewType.Int64);
            return builder.ToSchema();
        }

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
        {
            InputSchema = inputSchema;
            return this;
        }

        public IDataView Transform(IDataView input) => throw new NotSupportedException();

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException();

        public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => [];

        public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new Row(input, OutputSchema);

        private sealed class Row(DataViewRow input, DataViewSchema schema) : DataViewRow
        {
            public override long Position => input.Position;

            public override long Batch => input.Batch;

            public override DataViewSchema Schema => schema;

            public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

            public override bool IsColumnActive(DataViewSchema.Column column) => true;

            public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
                (ValueGetter<TValue>)(Delegate)(ValueGetter<long>)((ref long value) => value = input.Position);
        }
    }
}
