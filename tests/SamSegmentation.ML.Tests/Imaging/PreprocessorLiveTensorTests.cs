using SamSegmentation.ML.Imaging;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Imaging;

[Collection(LiveTensors.Alone)]
public sealed class PreprocessorLiveTensorTests
{
    [Fact]
    public void ToTensor_Disposed_LeavesNoTensor()
    {
        SamPreprocessor preprocessor = new(16, Preprocessing.Sam);
        PreparedImage image = preprocessor.Prepare(new RgbImage(4, 4, new byte[48]));
        long before = LiveTensors.Count();

        preprocessor.ToTensor([image, image]).Dispose();

        Assert.Equal(before, Tensor.TotalCount);
    }
}
