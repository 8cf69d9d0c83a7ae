using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Tests.Golden.Slow;
using SamSegmentation.ML.Tests.Modeling.Heads;
using SamSegmentation.ML.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling;

/// <summary>A pass through the network leaves its results alive and nothing else.</summary>
[Collection(LiveTensors.Alone)]
public sealed class NetworkLiveTensorTests
{
    public static TheoryData<string> Networks { get; } = [.. OddNetworks.All.Keys];

    [Theory]
    [MemberData(nameof(Networks))]
    public void EncodeAndDecode_WithAndWithoutGradients_LeaveTheirResultAlone(string name)
    {
        var (config, classes, batch) = OddNetworks.All[name];
        using var model = new SemanticSam(config, classes);
        using var images = rand(batch, 3, config.ImageSize, config.ImageSize);
        AssertResultsAlone(model, images);
    }

    [Theory]
    [MemberData(nameof(HeadNetworks.All), MemberType = typeof(HeadNetworks))]
    public void EncodeAndDecode_AnyHead_LeaveTheirResultAlone(HeadConfig head)
    {
        using var model = new SemanticSam(TinyNetwork.Config, 3, head);
        using var images = HeadNetworks.Images();
        AssertResultsAlone(model, images);
    }

    [Fact]
    public void Forward_OfImages_LeavesTheLogits()
    {
        var (config, classes, batch) = OddNetworks.All["three images"];
        using var model = new SemanticSam(config, classes);
        using var images = rand(batch, 3, config.ImageSize, config.ImageSize);
        var before = LiveTensors.Count();

        using (model.forward(images))
            Assert.Equal(before + 1, Tensor.TotalCount);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    [InlineData(true, true, true)]
    public void Predict_AnyPrompt_LeavesMasksAndIous(bool withPoints, bool withBox, bool withMask)
    {
        var (config, _, _) = OddNetworks.All["window does not divide the grid"];
        using var sam = new Sam(config);
        using var embedding = rand(1, config.EmbeddingChannels, config.GridSize, config.GridSize);
        using var points = rand(1, 2, 2);
        using var labels = ones(1, 2);
        using var box = rand(1, 4);
        using var mask = rand(1, 1, 4 * config.GridSize, 4 * config.GridSize);
        var before = LiveTensors.Count();

        var (masks, iou) = sam.predict(embedding, withPoints ? (points, labels) : null, withBox ? box : null, withMask ? mask : null, multimask: true);

        Assert.Equal(before + 2, Tensor.TotalCount);
        masks.Dispose();
        iou.Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    private static void AssertResultsAlone(SemanticSam model, Tensor images)
    {
        foreach (var training in new[] { false, true, false, true })
        {
            var before = LiveTensors.Count();
            using (training ? enable_grad() : no_grad())
            {
                var embedding = model.encode(images);
                Assert.Equal(before + 1, Tensor.TotalCount);
                var logits = model.decode(embedding);
                Assert.Equal(before + 2, Tensor.TotalCount);
                if (training)
                {
                    using var loss = logits.sum();
                    loss.backward();
                }
                embedding.Dispose();
                logits.Dispose();
            }
            Assert.Equal(before, Tensor.TotalCount);
        }
    }
}
