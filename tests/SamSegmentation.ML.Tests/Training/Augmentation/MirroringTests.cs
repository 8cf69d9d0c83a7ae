using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Training.Augmentation;
using Xunit;

namespace SamSegmentation.ML.Tests.Training.Augmentation;

public sealed class MirroringTests
{
    [Fact]
    public void Mirror_Image_SwapsLeftAndRight()
    {
        var image = new RgbImage(2, 3, [.. Enumerable.Range(0, 18).Select(i => (byte)i)]);

        var mirrored = Mirroring.Mirror(image);

        Assert.Equal([6, 7, 8, 3, 4, 5, 0, 1, 2, 15, 16, 17, 12, 13, 14, 9, 10, 11], mirrored.Pixels);
        Assert.Equal(image.Pixels, Mirroring.Mirror(mirrored).Pixels);
    }

    [Fact]
    public void Mirror_Label_SwapsLeftAndRight()
    {
        var label = new LabelMap(2, 3, [0, 1, 2, 3, 4, 255]);

        Assert.Equal([2, 1, 0, 255, 4, 3], Mirroring.Mirror(label).Ids);
        Assert.Equal([0, 1, 2, 3, 4, 255], label.Ids);
    }
}
