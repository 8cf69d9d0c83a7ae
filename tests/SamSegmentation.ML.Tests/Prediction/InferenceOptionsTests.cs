using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Tests.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Prediction;

public sealed class InferenceOptionsTests
{
    [Fact]
    public void FindFaults_ManyFaults_ListsThemAll()
    {
        var options = new InferenceOptions { Window = (SlidingWindow)7, Overlap = double.NaN, Scales = [0, 1, 1, 9, double.NaN] };

        Assert.Equal(
            [
                "Window: is 7; it must be one of Off, ShorterSide, OwnSize.",
                "Overlap: is NaN; it must be 0 to 0.9.",
                "Scales: has 0; each must be above 0 and at most 8.",
                "Scales: has 9; each must be above 0 and at most 8.",
                "Scales: has NaN; each must be above 0 and at most 8.",
                "Scales: has 1 2 times; each must be there once.",
            ],
            options.FindFaults().Select(fault => fault.ToString()));
    }

    [Fact]
    public void FindFaults_SoundOptions_FindsNone()
    {
        Assert.Empty(InferenceOptions.Default.FindFaults());
        Assert.Empty(new InferenceOptions { Window = SlidingWindow.OwnSize, Overlap = 0.9, Flip = true, Scales = [0.01, 8] }.FindFaults());
        Assert.Equal([new OptionFault("Scales", "is null; it must be a list.")], new InferenceOptions { Scales = null! }.FindFaults());
    }

    [Fact]
    public void FindFaults_OverlapOfNoWindows_IsOne()
    {
        var options = new InferenceOptions { Overlap = 0.25, Flip = true, Scales = [0.5, 1] };

        Assert.Equal([new OptionFault("Overlap", "is 0.25; there are no windows to overlap: it needs Window, or Scales above 1.")], options.FindFaults());
        Assert.False(options.HasWindows);
        Assert.Empty((options with { Scales = [0.5, 1.5] }).FindFaults());
        Assert.Empty((options with { Window = SlidingWindow.ShorterSide }).FindFaults());
    }

    [Fact]
    public void Inference_FaultyOptions_AreRefusedByThePredictor()
    {
        using var model = TinyNetwork.Create();

        var error = Assert.Throws<ArgumentException>(() =>
            new SegmentationPredictor(model, Preprocessing.Sam) { Inference = new InferenceOptions { Overlap = -1, Scales = [-1] } });

        Assert.Contains("Overlap: is -1", error.Message);
        Assert.Contains("Scales: has -1", error.Message);
    }
}
