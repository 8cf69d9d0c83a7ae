using Microsoft.ML;
using Microsoft.ML.Data;
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

    private PredictionEngine<TInput, TOutput> Engine<TInput, TOutput>(SamSemanticSegmentationTransformer model)
        where TInput : class
        where TOutput : class, new() =>
        _context.Model.CreatePredictionEngine<TInput, TOutput>(model, new PredictionEngineOptions { OwnsTransformer = false });

    private sealed class Input
    {
        public MLImage Image { get; set; } = null!;
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
