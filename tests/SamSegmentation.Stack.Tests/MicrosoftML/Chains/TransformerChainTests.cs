using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Chains;

public sealed class TransformerChainTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void RowMapper_GoesThroughAllStepsWhateverTheirScopes()
    {
        ITransformer chain = new TransformerChain<ScalingTransformer>(
            [new ScalingTransformer("X", "Train", 2), new ScalingTransformer("X", "Score", 3)],
            [TransformerScope.Training, TransformerScope.Scoring]);
        var schema = Data().Schema;

        Assert.Equal(["X", "Score"], chain.GetOutputSchema(schema).Select(column => column.Name));
        Assert.Equal(["X", "Train", "Score"], chain.GetRowToRowMapper(schema).OutputSchema.Select(column => column.Name));
    }

    [Fact]
    public void RowMapper_IsThereWhenEveryStepHasOne()
    {
        ITransformer all = new TransformerChain<ITransformer>(new ScalingTransformer("X", "A", 2), new ScalingTransformer("X", "B", 2));
        ITransformer some = new TransformerChain<ITransformer>(
            new ScalingTransformer("X", "A", 2), new ScalingTransformer("X", "B", 2) { IsRowToRowMapper = false });

        Assert.True(all.IsRowToRowMapper);
        Assert.False(some.IsRowToRowMapper);
        Assert.Throws<InvalidOperationException>(() => some.GetRowToRowMapper(Data().Schema));
    }

    [Fact]
    public void RowMapper_GetRow_AsksEachStepForWhatTheNextNeeds()
    {
        var first = new ScalingTransformer("X", "A", 2);
        var second = new ScalingTransformer("A", "B", 3);
        var unused = new ScalingTransformer("X", "C", 5);
        ITransformer chain = new TransformerChain<ITransformer>(first, second, unused);
        var data = Data();
        var mapper = chain.GetRowToRowMapper(data.Schema);
        using var cursor = data.GetRowCursor(data.Schema);

        var row = mapper.GetRow(cursor, [mapper.OutputSchema["B"]]);
        var get = row.GetGetter<float>(row.Schema["B"]);
        cursor.MoveNext();
        var value = 0f;
        get(ref value);

        Assert.Equal(6, value);
        Assert.Equal(["A"], first.Asked);
        Assert.Equal(["B"], second.Asked);
        Assert.Equal(["B"], unused.Asked);
        Assert.Equal(0, unused.Computed);
        Assert.Equal(["X"], mapper.GetDependencies([mapper.OutputSchema["B"]]).Select(column => column.Name));
    }

    [Fact]
    public void RowMapper_GetRow_NeedsTheVerySchema()
    {
        ITransformer chain = new TransformerChain<ITransformer>(new ScalingTransformer("X", "A", 2));
        ITransformer stock = _ml.Transforms.CopyColumns("Copy", "X").Fit(Data());
        var other = Data();
        using var cursor = other.GetRowCursor(other.Schema);

        Assert.Throws<ArgumentOutOfRangeException>(() => chain.GetRowToRowMapper(Data().Schema).GetRow(cursor, []));
        Assert.Throws<InvalidOperationException>(() => stock.GetRowToRowMapper(Data().Schema).GetRow(cursor, []));
    }

    [Fact]
    public void EmptyChain_IsTheIdentity()
    {
        ITransformer chain = new TransformerChain<ITransformer>();
        var data = Data();
        using var cursor = data.GetRowCursor([]);

        Assert.True(chain.IsRowToRowMapper);
        Assert.Same(data.Schema, chain.GetOutputSchema(data.Schema));
        Assert.Same(data, chain.Transform(data));
        Assert.Same(cursor, chain.GetRowToRowMapper(data.Schema).GetRow(cursor, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => chain.GetRowToRowMapper(data.Schema).GetRow(cursor, data.Schema));
    }

    [Fact]
    public void Dispose_DisposesEveryStepOnce()
    {
        var steps = new[] { new ScalingTransformer("X", "A", 2), new ScalingTransformer("X", "B", 2) };
        var chain = new TransformerChain<ITransformer>(steps);

        chain.Dispose();
        chain.Dispose();

        Assert.Equal([1, 1], steps.Select(step => step.Disposed));
    }

    [Fact]
    public void Dispose_OfASelection_DisposesTheStepsToo()
    {
        var step = new ScalingTransformer("X", "A", 2);

        new TransformerChain<ITransformer>(step).GetModelFor(TransformerScope.Scoring).Dispose();

        Assert.Equal(1, step.Disposed);
    }

    [Fact]
    public void Append_OfATransformer_MakesALongerChain()
    {
        var first = new ScalingTransformer("X", "A", 2);
        var second = new ScalingTransformer("A", "B", 3);

        var chain = first.Append(second);
        var longer = chain.Append(new ScalingTransformer("B", "C", 4), TransformerScope.Training);

        Assert.Same(second, chain.LastTransformer);
        Assert.Equal(2, chain.Count());
        Assert.Equal(3, longer.Count());
        Assert.Equal(["X", "A", "B"], longer.GetOutputSchema(Data().Schema).Select(column => column.Name));
    }

    [Fact]
    public void Constructor_WithAnotherLastType_Throws()
    {
        Assert.Throws<InvalidOperationException>(
            () => new TransformerChain<ColumnConcatenatingTransformer>([new ScalingTransformer("X", "A", 2)], [TransformerScope.Everything]));
        Assert.Throws<InvalidOperationException>(
            () => new TransformerChain<ScalingTransformer>([new ScalingTransformer("X", "A", 2)], []));
    }

    [Fact]
    public void Transform_WithAMissingColumn_FailsBeforeAnyRowIsRead()
    {
        var view = new RecordingView(Data());
        var chain = new TransformerChain<ITransformer>(new ScalingTransformer("X", "A", 2), new ScalingTransformer("Absent", "B", 2));

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => chain.Transform(view));

        Assert.Contains("'Absent'", error.Message, StringComparison.Ordinal);
        Assert.Empty(view.Asked);
        Assert.Throws<ArgumentNullException>(() => chain.Transform(null!));
    }

    private IDataView Data() => _ml.Data.LoadFromEnumerable([new Row { X = 1 }, new Row { X = 2 }]);

    private sealed class Row
    {
        public float X { get; set; }
    }
}
