using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Pipeline;

[Collection(LiveTensors.Alone)]
public sealed class PredictionEngineTests : IDisposable
{
    private readonly SceneFolder _scenes = new(training: 3, validation: 0);
    private readonly MLContext _context = new(seed: 1);

    public void Dispose() => _scenes.Dispose();

    [Fact]
    public void Predict_ThreeOutputsAtOnce_RunTheNetworkOnce()
    {
        using var model = TinyTransformer.Create(SegmentationOutputs.All);
        using var engine = Engine<Input, Everything>(model);
        using var image = MLImage.CreateFromFile(_scenes.ImagePath(1));
        var prediction = engine.Predict(new Input { Image = image });
        var expected = TinyTransformer.Expect(_scenes.ImagePath(1));
        Assert.Equal(expected.Labels.Ids, prediction.PredictedLabel.Select(id => (ushort)id));
        Assert.Equal((expected.Labels.Height, expected.Labels.Width), (prediction.PredictedHeight, prediction.PredictedWidth));
        Assert.Equal(ColorMap.Voc.Colorize(expected.Labels).Pixels, RgbImage.FromMLImage(prediction.PredictedMaskImage).Pixels);
        for (var i = 0; i < prediction.Score.Length; i++)
            Assert.Equal(expected.Probabilities![i], prediction.Score[i], 1e-5f);
    }

    [Fact]
    public void GetRow_SeveralOutputsOfARow_ReadTheImageOnceAPosition()
    {
        using var model = TinyTransformer.Create(SegmentationOutputs.Score);
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
        using var model = TinyTransformer.Create(SegmentationOutputs.All);
        using var engine = Engine<PathInput, PathInput>(model);
        // The engine asks the mapper for every column, but reads none of ours: the path may lead nowhere.
        Assert.Equal("nowhere", engine.Predict(new PathInput { Image = "nowhere" }).Image);
    }

    [Fact]
    public void Predict_Path_NamesItWhenThereIsNoImage()
    {
        using var model = TinyTransformer.Create();
        using var engine = Engine<PathInput, Labels>(model);
        Assert.Equal(TinyTransformer.Expect(_scenes.ImagePath(2)).Labels.Ids, engine.Predict(new PathInput { Image = _scenes.ImagePath(2) }).PredictedLabel.Select(id => (ushort)id));
        var error = Assert.Throws<SegmentationDataException>(() => engine.Predict(new PathInput { Image = "nowhere.jpg" }));
        Assert.StartsWith("Column 'Image', row 1: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("nowhere.jpg", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<SegmentationDataException>(() => engine.Predict(new PathInput { Image = "" }));
        Assert.Equal("Column 'Image', row 2: the path is empty.", error.Message);
    }

    [Fact]
    public void Predict_ThousandCalls_LeavesNoTensorsAndNoMemory()
    {
        using var model = TinyTransformer.Create(SegmentationOutputs.All);
        using var engine = Engine<Input, Everything>(model);
        using var image = MLImage.CreateFromFile(_scenes.ImagePath(0));
        var input = new Input { Image = image };
        var output = new Everything();
        for (var i = 0; i < 50; i++)
            Predict();
        var tensors = LiveTensors.Count();
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 1000; i++)
            Predict();
        Assert.Equal(tensors, Tensor.TotalCount);
        // A single prediction kept a call would be 30 MB and more.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 4 << 20);

        void Predict()
        {
            engine.Predict(input, ref output);
            output.PredictedMaskImage.Dispose();
            output.PredictedOverlay.Dispose();
        }
    }

    [Fact]
    public void Transform_WholePass_LeavesNoTensors()
    {
        using var model = TinyTransformer.Create(SegmentationOutputs.All);
        var output = model.Transform(_scenes.Load(_context));
        var before = LiveTensors.Count();
        Assert.Equal(3, Rows.Vectors<float>(output, "Score").Count);
        // A cursor that is left early, too.
        using (var cursor = output.GetRowCursor(output.Schema))
        {
            Assert.True(cursor.MoveNext());
            VBuffer<byte> value = default;
            cursor.GetGetter<VBuffer<byte>>(output.Schema["PredictedLabel"])(ref value);
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Dispose_EngineThatOwnsTheTransformer_DisposesIt()
    {
        var owned = TinyTransformer.Create();
        _context.Model.CreatePredictionEngine<PathInput, Labels>(owned).Dispose();
        Assert.Throws<ObjectDisposedException>(() => owned.GetOutputSchema(_scenes.Load(_context).Schema));
    }

    private PredictionEngine<TInput, TOutput> Engine<TInput, TOutput>(SamSemanticSegmentationTransformer model)
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

    private sealed class Labels
    {
        public byte[] PredictedLabel { get; set; } = [];
    }

    private sealed class Everything
    {
        public byte[] PredictedLabel { get; set; } = [];

        public int PredictedHeight { get; set; }

        public int PredictedWidth { get; set; }

        public float[] Score { get; set; } = [];

        public MLImage PredictedMaskImage { get; set; } = null!;

        public MLImage PredictedOverlay { get; set; } = null!;
    }
}
