using Microsoft.ML;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Tests.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Pipeline;

public sealed class InferenceTests : IDisposable
{
    private static readonly InferenceOptions _inference = new() { Window = SlidingWindow.ShorterSide, Overlap = 0.25, Flip = true, Scales = [1, 1.5] };

    private readonly SceneFolder _scenes = new(training: 3, validation: 0);
    private readonly MLContext _context = new(seed: 1);

    public void Dispose() => _scenes.Dispose();

    private string Zip => _scenes.PathOf("model.zip");

    [Fact]
    public void Transform_SeveralPasses_IsWhatThePredictorSays()
    {
        using var model = TinyTransformer.Create(SegmentationOutputs.Score, inference: _inference);
        var scored = model.Transform(_scenes.Load(_context));

        var (labels, scores) = (Rows.Vectors<byte>(scored, "PredictedLabel"), Rows.Vectors<float>(scored, "Score"));

        for (var i = 0; i < 3; i++)
        {
            var expected = TinyTransformer.Expect(_scenes.ImagePath(i), inference: _inference);
            Assert.Equal(expected.Labels.Ids.Select(id => (byte)id), labels[i]);
            Assert.All(expected.Probabilities!.Zip(scores[i]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }
        Assert.NotEqual(TinyTransformer.Expect(_scenes.ImagePath(0)).Probabilities, scores[0]);
    }

    [Fact]
    public void Load_SavedModel_KeepsTheOptions()
    {
        var data = _scenes.Load(_context);
        using var model = TinyTransformer.Create(inference: _inference);
        _context.Model.Save(model, data.Schema, Zip);

        using var loaded = (SamSemanticSegmentationTransformer)new MLContext().Model.Load(Zip, out _);

        Assert.Equal(_inference with { Scales = loaded.Inference.Scales }, loaded.Inference);
        Assert.Equal(_inference.Scales, loaded.Inference.Scales);
        Assert.Equal(Rows.Vectors<byte>(model.Transform(data), "PredictedLabel"), Rows.Vectors<byte>(loaded.Transform(data), "PredictedLabel"));
    }

    [Fact]
    public void WithInference_OtherOptions_SharesTheNetworkAndSavesThem()
    {
        var data = _scenes.Load(_context);
        using var model = TinyTransformer.Create();
        var plain = Rows.Vectors<byte>(model.Transform(data), "PredictedLabel");
        var other = model.WithInference(_inference);
        using var expected = TinyTransformer.Create(inference: _inference);

        Assert.Equal(Rows.Vectors<byte>(expected.Transform(data), "PredictedLabel"), Rows.Vectors<byte>(other.Transform(data), "PredictedLabel"));
        _context.Model.Save(other, data.Schema, Zip);
        using (var loaded = (SamSemanticSegmentationTransformer)new MLContext().Model.Load(Zip, out _))
            Assert.True(loaded.Inference.Flip);

        other.Dispose();
        Assert.Equal(plain, Rows.Vectors<byte>(model.Transform(data), "PredictedLabel"));
        var another = model.WithInference(_inference);
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => another.Transform(data));
    }

    [Fact]
    public void WithInference_FaultyOptions_ListsTheFaults()
    {
        using var model = TinyTransformer.Create();

        var error = Assert.Throws<ArgumentException>(() => model.WithInference(new InferenceOptions { Overlap = 1, Scales = [0] }));

        Assert.Contains("Overlap: is 1", error.Message);
        Assert.Contains("Scales: has 0", error.Message);
    }

    [Fact]
    public void Fit_InferenceOptions_AreTheModels()
    {
        var options = new SamTrainerOptions { Config = TinyNetwork.Config, Epochs = 1, BatchSize = 3, Inference = _inference };

        using var model = _context.Segmentation().Trainers.Sam(options).Fit(_scenes.Load(_context));

        Assert.Equal(_inference, model.Inference);
    }
}
