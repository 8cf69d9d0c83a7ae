using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Prediction;
using Xunit;

namespace SamSegmentation.ML.Tests.Pipeline;

// Single predictions, several passes, model files.
public abstract partial class SegmentationTransformerTests
{
    private static readonly InferenceOptions s_passes = new() { Window = SlidingWindow.ShorterSide, Overlap = 0.25, Flip = true, Scales = [1, 1.5] };

    private string Zip => _scenes.PathOf("model.zip");

    [Fact]
    public void Predict_ThreeOutputsAtOnce_RunTheNetworkOnce()
    {
        using var model = Create(SegmentationOutputs.All);
        using var engine = Engine<Input, Prediction>(model);
        using var image = MLImage.CreateFromFile(_scenes.ImagePath(1));
        var prediction = engine.Predict(new Input { Image = image });
        var expected = TinyTransformer.Expect(_scenes.ImagePath(1));
        Assert.Equal(expected.Labels.Ids, prediction.PredictedLabel.Select(id => (ushort)id));
        Assert.Equal((expected.Labels.Height, expected.Labels.Width), (prediction.PredictedHeight, prediction.PredictedWidth));
        Assert.Equal(ColorMap.Voc.Colorize(expected.Labels).Pixels, RgbImage.FromMLImage(prediction.PredictedMaskImage).Pixels);
        for (var i = 0; i < prediction.Score.Length; i++)
            Assert.Equal(expected.Probabilities![i], prediction.Score[i], ScoreTolerance);
    }

    [Fact]
    public void GetRow_SeveralOutputsOfARow_ReadTheImageOnceAPosition()
    {
        using var model = Create(SegmentationOutputs.Score);
        var data = _scenes.Load(_context);
        var mapper = model.GetRowToRowMapper(data.Schema);
        using var cursor = data.GetRowCursor(mapper.GetDependencies(mapper.OutputSchema.Where(column => column.Name == "Score")));
        using var row = mapper.GetRow(cursor, mapper.OutputSchema.Where(column => column.Name is "PredictedLabel" or "Score"));
        var getLabel = row.GetGetter<VBuffer<byte>>(row.Schema["PredictedLabel"]);
        var getScore = row.GetGetter<VBuffer<float>>(row.Schema["Score"]);
        VBuffer<byte> label = default;
        VBuffer<float> score = default;
        Assert.True(cursor.MoveNext());
        getLabel(ref label);
        // With its file gone, the second output can only come from what the first one read and computed.
        File.Delete(_scenes.ImagePath(0));
        getScore(ref score);
        Assert.Equal(3 * label.Length, score.Length);
        Assert.True(cursor.MoveNext());
        getLabel(ref label);
        Assert.Equal(TinyTransformer.Expect(_scenes.ImagePath(1)).Labels.Ids, label.DenseValues().Select(id => (ushort)id));
    }

    [Fact]
    public void Predict_OutputClassWithoutPredictions_NeverRunsTheNetwork()
    {
        using var model = Create(SegmentationOutputs.All);
        using var engine = Engine<PathInput, PathInput>(model);
        // The engine asks the mapper for every column, but reads none of ours: the path may lead nowhere.
        Assert.Equal("nowhere", engine.Predict(new PathInput { Image = "nowhere" }).Image);
    }

    [Fact]
    public void Predict_Path_NamesItWhenThereIsNoImage()
    {
        using var model = Create();
        using var engine = Engine<PathInput, LabelsAlone>(model);
        Assert.Equal(TinyTransformer.Expect(_scenes.ImagePath(2)).Labels.Ids, engine.Predict(new PathInput { Image = _scenes.ImagePath(2) }).PredictedLabel.Select(id => (ushort)id));
        var error = Assert.Throws<SegmentationDataException>(() => engine.Predict(new PathInput { Image = "nowhere.jpg" }));
        Assert.StartsWith("Column 'Image', row 1: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("nowhere.jpg", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<SegmentationDataException>(() => engine.Predict(new PathInput { Image = "" }));
        Assert.Equal("Column 'Image', row 2: the path is empty.", error.Message);
    }

    [Fact]
    public void Dispose_EngineThatOwnsTheTransformer_DisposesIt()
    {
        var owned = Create();
        _context.Model.CreatePredictionEngine<PathInput, LabelsAlone>(owned).Dispose();
        Assert.Throws<ObjectDisposedException>(() => owned.GetOutputSchema(_scenes.Load(_context).Schema));
    }

    [Fact]
    public void Transform_SeveralPasses_IsWhatThePredictorSays()
    {
        using var model = Create(SegmentationOutputs.Score, inference: s_passes);
        var scored = model.Transform(_scenes.Load(_context));

        var (labels, scores) = (Rows.Vectors<byte>(scored, "PredictedLabel"), Rows.Vectors<float>(scored, "Score"));

        for (var i = 0; i < 3; i++)
        {
            var expected = TinyTransformer.Expect(_scenes.ImagePath(i), inference: s_passes);
            Assert.Equal(expected.Labels.Ids.Select(id => (byte)id), labels[i]);
            Assert.All(expected.Probabilities!.Zip(scores[i]), pair => Assert.Equal(pair.First, pair.Second, ScoreTolerance));
        }
        Assert.NotEqual(TinyTransformer.Expect(_scenes.ImagePath(0)).Probabilities, scores[0]);
    }

    [Fact]
    public void Load_SavedModel_KeepsTheOptions()
    {
        var data = _scenes.Load(_context);
        using var model = Create(inference: s_passes);
        _context.Model.Save(model, data.Schema, Zip);

        using var loaded = (SegmentationTransformer)new MLContext().Model.Load(Zip, out _);

        Assert.Equal(s_passes with { Scales = loaded.Inference.Scales }, loaded.Inference);
        Assert.Equal(s_passes.Scales, loaded.Inference.Scales);
        Assert.Equal(Rows.Vectors<byte>(model.Transform(data), "PredictedLabel"), Rows.Vectors<byte>(loaded.Transform(data), "PredictedLabel"));
    }

    [Fact]
    public void WithInference_OtherOptions_SharesTheNetworkAndSavesThem()
    {
        var data = _scenes.Load(_context);
        using var model = Create();
        var plain = Rows.Vectors<byte>(model.Transform(data), "PredictedLabel");
        var other = model.WithInference(s_passes);
        using var expected = Create(inference: s_passes);

        Assert.Equal(Rows.Vectors<byte>(expected.Transform(data), "PredictedLabel"), Rows.Vectors<byte>(other.Transform(data), "PredictedLabel"));
        _context.Model.Save(other, data.Schema, Zip);
        using (var loaded = (SegmentationTransformer)new MLContext().Model.Load(Zip, out _))
            Assert.True(loaded.Inference.Flip);

        other.Dispose();
        Assert.Equal(plain, Rows.Vectors<byte>(model.Transform(data), "PredictedLabel"));
        var another = model.WithInference(s_passes);
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => another.Transform(data));
    }

    [Fact]
    public void WithInference_FaultyOptions_ListsTheFaults()
    {
        using var model = Create();

        var error = Assert.Throws<ArgumentException>(() => model.WithInference(new InferenceOptions { Overlap = 1, Scales = [0] }));

        Assert.Contains("Overlap: is 1", error.Message);
        Assert.Contains("Scales: has 0", error.Message);
    }

    [Fact]
    public void Load_SavedModel_PredictsTheSame()
    {
        var data = _scenes.Load(_context);
        using var model = Create(SegmentationOutputs.All, batchSize: 3);
        _context.Model.Save(model, data.Schema, Zip);
        using var loaded = (SegmentationTransformer)new MLContext().Model.Load(Zip, out var schema);
        Assert.Equal(model.ColumnNames, loaded.ColumnNames);
        Assert.Equal(model.ClassNames, loaded.ClassNames);
        Assert.Equal(model.GetType(), loaded.GetType());
        Assert.Equal((3, Preprocessing.Sam), (loaded.BatchSize, loaded.Preprocessing));
        Assert.Contains(schema, column => column.Name == "Id");
        Assert.Equal(Rows.Vectors<byte>(model.Transform(data), "PredictedLabel"), Rows.Vectors<byte>(loaded.Transform(data), "PredictedLabel"));
        Assert.Equal(Rows.Vectors<float>(model.Transform(data), "Score"), Rows.Vectors<float>(loaded.Transform(data), "Score"));
    }

    private PredictionEngine<TInput, TOutput> Engine<TInput, TOutput>(SegmentationTransformer model)
        where TInput : class
        where TOutput : class, new() =>
        _context.Model.CreatePredictionEngine<TInput, TOutput>(model, new PredictionEngineOptions { OwnsTransformer = false });

    private sealed class Input
    {
        public MLImage Image { get; set; } = null!;
    }

    private sealed class PathInput
    {
        public string Image { get; set; } = "";
    }

    private sealed class LabelsAlone
    {
        public byte[] PredictedLabel { get; set; } = [];
    }
}
