using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling;

public sealed class ImageEncoderTests
{
    [Theory]
    [InlineData("[]", new long[0])]
    [InlineData("[3, 32, 32]", new long[] { 3, 32, 32 })]
    [InlineData("[1, 4, 32, 32]", new long[] { 1, 4, 32, 32 })]
    [InlineData("[1, 3, 32, 31]", new long[] { 1, 3, 32, 31 })]
    public void Forward_ImagesOfAnotherShape_NamesWhatItTakesAndWhatItGot(string found, long[] shape)
    {
        using var encoder = new ImageEncoder(TinyNetwork.Config);
        using var images = zeros(shape);

        var error = Assert.Throws<ArgumentException>(() => encoder.forward(images));

        Assert.Contains($"[B, 3, {TinyNetwork.Config.ImageSize}, {TinyNetwork.Config.ImageSize}], not {found}", error.Message);
    }
}
