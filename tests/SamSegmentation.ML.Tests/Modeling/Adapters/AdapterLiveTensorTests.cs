using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling.Adapters;

/// <summary>Adapters leave nothing alive but themselves, and that only until they are merged or disposed.</summary>
[Collection(LiveTensors.Alone)]
public sealed class AdapterLiveTensorTests
{
    [Fact]
    public void Forward_WithAndWithoutGradients_LeavesItsResultAlone()
    {
        using var model = AdaptedNetwork.Create(AdaptedNetwork.Small);
        using var images = AdaptedNetwork.Images();
        foreach (var training in new[] { false, true, false, true })
        {
            var before = LiveTensors.Count();
            using (training ? enable_grad() : no_grad())
            {
                using (var tokens = model.image_encoder.tokens_before(images, 1))
                using (model.image_encoder.continue_from(tokens, 1))
                    Assert.Equal(before + 2, Tensor.TotalCount);
                using (model.forward(images))
                    Assert.Equal(before + 1, Tensor.TotalCount);
            }
            Assert.Equal(before, Tensor.TotalCount);
        }
    }

    [Fact]
    public void AddMergeDispose_OneAfterTheOther_FreeEverything()
    {
        var start = LiveTensors.Count();
        using (var model = Training.TinyNetwork.Create())
        {
            var plain = LiveTensors.Count();
            model.AddAdapters(AdaptedNetwork.Small);
            LiveTensors.AssertAsMany(plain + 2 * 8);
            model.MergeAdapters();
            LiveTensors.AssertAsMany(plain + 2 * 4);
        }
        LiveTensors.AssertAsMany(start);
    }
}
