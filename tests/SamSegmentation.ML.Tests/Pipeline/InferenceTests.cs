using Microsoft.ML;
using SamSegmentation.ML.Prediction;
using Xunit;

namespace SamSegmentation.ML.Tests.Pipeline;

public sealed class InferenceTests : IDisposable
{
    private static readonly InferenceOptions _inference = new() { Window = SlidingWindow.ShorterSide, Overlap = 0.25, Flip = true, Scales = [1, 1.5] };

    private readonly SceneFolder _scenes = new(training: 3, validation: 0);
    private readonly MLContext _context = new(seed: 1);

    public void Dispose() => _scenes.Dispose();

    [Fact]
    public void Fit_InferenceOptions_AreTheModels()
    {
        using var model = _context.Segmentation().Trainers.Sam(QuickTraining.Options with { Epochs = 1, Inference = _inference }).Fit(_scenes.Load(_context));

        Assert.Equal(_inference, model.Inference);
    }
}
