using SamSegmentation.ML.Tests.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Modeling;

public class PromptEncoderTests
{
    [Fact]
    public void NoMask_CalledAgain_StillHasItsWeight()
    {
        using var model = TinyNetwork.Create();
        using var first = model.prompt_encoder!.no_mask();
        using var again = model.prompt_encoder!.no_mask();

        Assert.Equal([1, TinyNetwork.Config.EmbeddingChannels, 1, 1], again.shape);
        Assert.Equal(first.data<float>().ToArray(), again.data<float>().ToArray());
    }
}
