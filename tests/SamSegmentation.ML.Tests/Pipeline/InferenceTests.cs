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
    public void Fit_InferenceOptions_AreTheModels()
    {
        var options = new SamTrainerOptions { Config = TinyNetwork.Config, Epochs = 1, BatchSize = 3, Inference = _inference };

        using var model = _context.Segmentation().Trainers.Sam(options).Fit(_scenes.Load(_context));

        Assert.Equal(_inference, model.Inference);
    }
}
