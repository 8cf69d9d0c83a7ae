using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Embeddings;

[Collection(LiveTensors.Alone)]
public sealed class DeviceImagesTests
{
    private const int Size = 64;

    public static TheoryData<Preprocessing, string> Cases
    {
        get
        {
            var data = new TheoryData<Preprocessing, string>();
            foreach (var row in Devices.AtHand)
            {
                data.Add(Preprocessing.Sam, row.Data);
                data.Add(Preprocessing.Stretch, row.Data);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_ImagesOfSeveralSizes_IsBitForBitWhatTheProcessorMakes(Preprocessing mode, string name)
    {
        var preprocessor = new SamPreprocessor(Size, mode);
        PreparedImage[] images = [.. new[] { (40, 56), (64, 20), (90, 33) }.Select((size, i) => preprocessor.Prepare(TinyScenes.Make(i, size.Item1, size.Item2).Image))];
        var before = LiveTensors.Count();
        using (NewDisposeScope())
        {
            var expected = preprocessor.ToTensor(images).data<float>().ToArray();

            Assert.Equal(expected, DeviceImages.Of(preprocessor, images, device(name)).cpu().data<float>().ToArray());
            Assert.Equal(expected, DeviceImages.MadeThere(preprocessor, images, device(name)).cpu().data<float>().ToArray());
        }
        Assert.Equal(before, LiveTensors.Count());
    }

    [Fact]
    public void MadeThere_AnImageOfAnotherSize_IsRefused()
    {
        var other = new SamPreprocessor(32, Preprocessing.Sam).Prepare(TinyScenes.Make(0, 40, 56).Image);

        var error = Assert.Throws<ArgumentException>(() => DeviceImages.MadeThere(new SamPreprocessor(Size, Preprocessing.Sam), [other], CPU));

        Assert.Contains("prepared for size 32, not 64", error.Message);
    }
}
