using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Chains;

public sealed class EstimatorChainTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _log = [];

    [Fact]
    public void Fit_ChecksEveryStepsColumnsBeforeTheFirstIsFitted()
    {
        var chain = Step("X", "A", 2).Append(Step("A", "B", 3));

        _ = chain.Fit(Data());

        Assert.Equal(["shape A", "shape B", "fit A on X", "fit B on X,A"], _log);
    }

    [Fact]
    public void Fit_TransformsWithEachStepsTransformer()
    {
        var model = Step("X", "A", 2).Append(Step("A", "B", 3)).Fit(Data());

        Assert.Equal([6, 12], model.Transform(Data()).GetColumn<float>("B"));
        Assert.Equal(2, model.Count());
        Assert.IsType<ScalingTransformer>(model.LastTransformer);
    }

    [Fact]
    public void Append_LeavesTheChainItAppendsToAlone()
    {
        var one = new EstimatorChain<ITransformer>().Append(Step("X", "A", 2));
        var two = one.Append(Step("A", "B", 3));

        Assert.Single(one.Fit(Data()));
        Assert.Equal(2, two.Fit(Data()).Count());
        Assert.NotNull(two.LastEstimator);
    }

    [Fact]
    public void Append_ToAChainOfAnotherType_NestsIt()
    {
        // Only a chain whose last transformer has no better type is taken apart.
        var typed = new EstimatorChain<ITransformer>().Append(Step("X", "A", 2));

        var model = ((IEstimator<ITransformer>)typed).Append(Step("A", "B", 3)).Fit(Data());

        Assert.Equal(2, model.Count());
        Assert.IsType<TransformerChain<ScalingTransformer>>(model.First());
    }

    [Fact]
    public void Append_OfNothing_Throws()
    {
        Assert.Throws<ArgumentNullException>(() => new EstimatorChain<ITransformer>().Append<ScalingTransformer>(null!));
        Assert.Throws<ArgumentNullException>(() => Step("X", "A", 2).Append<ScalingTransformer>(null!));
        Assert.Empty(new EstimatorChain<ITransformer>().Fit(Data()));
    }

    [Fact]
    public void AppendCacheCheckpoint_ReadsTheRowsBeforeOnce()
    {
        var counting = new RecordingView(Data());
        var scaling = Step("X", "A", 2);
        var chain = scaling.AppendCacheCheckpoint(_ml).Append(new ReadingEstimator("A", 3));

        _ = chain.Fit(counting);

        Assert.Single(counting.Asked);
        Assert.Equal(2, scaling.Fitted.Computed);
    }

    [Fact]
    public void WithoutCacheCheckpoint_EveryReadingComputesAnew()
    {
        var scaling = Step("X", "A", 2);

        _ = scaling.Append(new ReadingEstimator("A", 3)).Fit(Data());

        Assert.Equal(6, scaling.Fitted.Computed);
    }

    [Fact]
    public void AppendCacheCheckpoint_ToAnEmptyChain_Throws()
    {
        Assert.Throws<InvalidOperationException>(() => new EstimatorChain<ITransformer>().AppendCacheCheckpoint(_ml));
    }

    [Fact]
    public void WithOnFitDelegate_SeesTheTransformer()
    {
        ScalingTransformer? seen = null;
        var step = Step("X", "A", 2);

        var model = step.WithOnFitDelegate(transformer => seen = transformer).Append(Step("A", "B", 3)).Fit(Data());

        Assert.Same(step.Fitted, seen);
        Assert.Same(step.Fitted, model.First());
    }

    [Fact]
    public void Scopes_DecideWhichStepsTransform()
    {
        var chain = new EstimatorChain<ITransformer>()
            .Append(Step("X", "Always", 2))
            .Append(Step("X", "Train", 3), TransformerScope.TrainTest)
            .Append(Step("X", "Score", 4), TransformerScope.Scoring);

        var model = chain.Fit(Data());

        Assert.Equal(["X", "Always", "Score"], model.Transform(Data()).Schema.Select(column => column.Name));
        Assert.Equal(["X", "Always", "Score"], model.GetOutputSchema(Data().Schema).Select(column => column.Name));
        Assert.Equal(2, model.GetModelFor(TransformerScope.Scoring).Count());
        Assert.Equal(2, model.GetModelFor(TransformerScope.Training).Count());
        Assert.Equal(3, model.GetModelFor(TransformerScope.Everything).Count());
        Assert.Contains("fit Score on X,Always,Train", _log);
    }

    private ScalingEstimator Step(string input, string output, float factor) => new(input, output, factor, _log);

    private IDataView Data() => _ml.Data.LoadFromEnumerable([new Row { X = 1 }, new Row { X = 2 }]);

    private sealed class Row
    {
        public float X { get; set; }
    }

    /// <summary>Reads a column several times, as trainers do.</summary>
    private sealed class ReadingEstimator(string column, int times) : IEstimator<ScalingTransformer>
    {
        public ScalingTransformer Fit(IDataView input)
        {
            for (var i = 0; i < times; i++)
                Assert.Equal(2, input.GetColumn<float>(column).Count());
            return new ScalingTransformer(column, "Read", 1);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }
}
