using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;
using Xunit;

namespace SamSegmentation.ML.Tests.Datasets;

public sealed class VocPartTests
{
    [Theory]
    [InlineData(VocSplit.Train)]
    [InlineData(VocSplit.Val)]
    public void OpenVoc_RealPart_AcceptsEverySampleInListOrder(VocSplit split)
    {
        string root = VocPart.Root();
        string[] list = File.ReadAllLines(Path.Combine(root, "ImageSets", "Segmentation", split.ToString().ToLowerInvariant() + ".txt"));

        SegmentationDataset dataset = SegmentationDataset.OpenVoc(root, split);

        Assert.Equal(list.Where(line => line != ""), dataset.Samples.Select(sample => sample.Id));
        Assert.Empty(dataset.Skipped);
    }

    [Fact]
    public void Load_RealMasks_HoldClassesAndVoidInVocColors()
    {
        SegmentationDataset dataset = SegmentationDataset.OpenVoc(VocPart.Root(), VocSplit.Val);
        HashSet<ushort> ids = [];
        foreach (SegmentationSample sample in dataset.Samples.Take(40))
        {
            LabelMap mask = LabelMapPng.Load(sample.MaskPath);
            ids.UnionWith(mask.Ids);

            Assert.Equal(new ImageInfo(ImageFormat.Jpeg, mask.Height, mask.Width), ImageHeader.Read(sample.ImagePath));

            // Another decoder, which knows colours only, must see the ids' colours.
            Assert.Equal(ColorMap.Voc.Colorize(mask).Pixels, RgbImage.Load(sample.MaskPath).Pixels);
        }

        Assert.All(ids, id => Assert.True(ClassList.Voc.Allows(id), $"id {id}"));
        Assert.Contains((ushort)255, ids);
        Assert.InRange(ids.Count, 10, 22);
    }

    [Fact]
    public void Read_RealSamples_DecodeAtTheirSize()
    {
        SegmentationDataset dataset = SegmentationDataset.OpenVoc(VocPart.Root(), VocSplit.Train);

        LabeledImage[] read = [.. dataset.Read().Take(5)];

        Assert.Equal(5, read.Length);
        for (int i = 0; i < 5; i++)
        {
            SegmentationSample sample = dataset.Samples[i];
            Assert.Equal(sample.Id, read[i].Id);
            Assert.Equal((sample.Height, sample.Width), (read[i].Image.Height, read[i].Image.Width));
            Assert.Equal((sample.Height, sample.Width), (read[i].Label.Height, read[i].Label.Width));
            Assert.InRange(read[i].Image.Pixels.Distinct().Count(), 100, 256);
        }
    }
}
