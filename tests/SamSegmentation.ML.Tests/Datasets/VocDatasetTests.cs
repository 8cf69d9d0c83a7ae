using SamSegmentation.ML.Datasets;
using Xunit;

namespace SamSegmentation.ML.Tests.Datasets;

public sealed class VocDatasetTests : IDisposable
{
    private readonly DatasetFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OpenVoc_BlankLinesAndCarriageReturns_KeepsListOrder()
    {
        _folder.Voc("b_2\r\n\r\n  a_1  \r\nc_3\n\n", "a_1", "b_2", "c_3");

        SegmentationDataset dataset = SegmentationDataset.OpenVoc(_folder.Root, VocSplit.Train);

        Assert.Equal(["b_2", "a_1", "c_3"], dataset.Samples.Select(sample => sample.Id));
        Assert.Equal(
            new SegmentationSample("b_2", _folder.PathOf("JPEGImages/b_2.jpg"), _folder.PathOf("SegmentationClass/b_2.png"), 6, 8),
            dataset.Samples[0]);
        Assert.Same(ClassList.Voc, dataset.Classes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("VOC2012/")]
    [InlineData("VOCdevkit/VOC2012/")]
    public void OpenVoc_FolderAboveVoc2012_FindsIt(string prefix)
    {
        _folder.Text(prefix + "ImageSets/Segmentation/trainval.txt", "x\n").Photo(prefix + "JPEGImages/x.jpg").Mask(prefix + "SegmentationClass/x.png");

        Assert.Single(SegmentationDataset.OpenVoc(_folder.Root, VocSplit.TrainVal).Samples);
    }

    [Fact]
    public void OpenVoc_OtherFolder_SaysWhatIsExpected()
    {
        DatasetException e = Assert.Throws<DatasetException>(() => SegmentationDataset.OpenVoc(_folder.Root, VocSplit.Train));

        Assert.Equal(_folder.Root, e.Path);
        Assert.Contains(Path.Combine(_folder.Root, "VOCdevkit", "VOC2012", "ImageSets", "Segmentation"), e.Message);
    }

    [Fact]
    public void OpenVoc_ListMissing_NamesIt()
    {
        _folder.Voc("a\n", "a");

        DatasetException e = Assert.Throws<DatasetException>(() => SegmentationDataset.OpenVoc(_folder.Root, VocSplit.Val));

        Assert.EndsWith("val.txt", e.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\n  \n")]
    public void OpenVoc_ListEmpty_NamesIt(string list)
    {
        _folder.Voc(list);

        DatasetException e = Assert.Throws<DatasetException>(() => SegmentationDataset.OpenVoc(_folder.Root, VocSplit.Train));

        Assert.EndsWith("train.txt", e.Path);
        Assert.Contains("empty", e.Message);
    }

    [Fact]
    public void OpenVoc_EveryKindOfProblem_IsListedWithFileAndValue()
    {
        _folder.Voc("good\ngood\nno_image\nno_mask\nneither\n../up\nname 1\ncut\nsize\nid\nnot_png\n", "good", "no_image", "no_mask", "cut", "size", "id", "not_png");
        File.Delete(_folder.PathOf("JPEGImages/no_image.jpg"));
        File.Delete(_folder.PathOf("SegmentationClass/no_mask.png"));
        using (FileStream cut = File.OpenWrite(_folder.PathOf("JPEGImages/cut.jpg")))
        {
            cut.SetLength(cut.Length - 5);
        }

        _folder.Mask("SegmentationClass/size.png", 6, 9);
        _folder.Mask("SegmentationClass/id.png", 6, 8, (2, 3, 21), (4, 1, 200), (5, 5, 255));
        _folder.Photo("SegmentationClass/not_png.jpg");
        File.Move(_folder.PathOf("SegmentationClass/not_png.jpg"), _folder.PathOf("SegmentationClass/not_png.png"), overwrite: true);

        DatasetException e = Assert.Throws<DatasetException>(() => SegmentationDataset.OpenVoc(_folder.Root, VocSplit.Train));

        (string, SampleProblemKind, string, string)[] expected =
        [
            ("good", SampleProblemKind.DuplicateId, "train.txt", "line 2 repeats line 1"),
            ("no_image", SampleProblemKind.MissingImage, "no_image.jpg", "missing"),
            ("no_mask", SampleProblemKind.MissingMask, "no_mask.png", "missing"),
            ("neither", SampleProblemKind.MissingImage, "neither.jpg", "missing"),
            ("neither", SampleProblemKind.MissingMask, "neither.png", "missing"),
            ("../up", SampleProblemKind.MalformedId, "train.txt", "line 6"),
            ("name 1", SampleProblemKind.MalformedId, "train.txt", "line 7"),
            ("cut", SampleProblemKind.UnreadableImage, "cut.jpg", "cut off"),
            ("size", SampleProblemKind.SizeMismatch, "size.png", "the mask is 9×6, its photograph 8×6"),
            ("id", SampleProblemKind.UnknownClassId, "id.png", "pixel (x 3, y 2) has id 21; expected 0 to 20 or 255 for void (2 such pixels)"),
            ("not_png", SampleProblemKind.UnreadableMask, "not_png.png", "expected the PNG signature"),
        ];
        Assert.Equal(expected.Length, e.Problems.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            (string id, SampleProblemKind kind, string file, string message) = expected[i];
            Assert.Equal((id, kind, file), (e.Problems[i].Id, e.Problems[i].Kind, Path.GetFileName(e.Problems[i].Path)));
            Assert.Contains(message, e.Problems[i].Message);
            Assert.Contains(e.Problems[i].ToString(), e.Message);
        }

        Assert.Contains("10 of 11 samples cannot be used", e.Message);
    }

    [Fact]
    public void OpenVoc_ManyProblems_ListsTwentyAndCountsTheRest()
    {
        _folder.Voc(string.Join('\n', Enumerable.Range(0, 30)));

        DatasetException e = Assert.Throws<DatasetException>(() => SegmentationDataset.OpenVoc(_folder.Root, VocSplit.Train));

        Assert.Equal(60, e.Problems.Count);
        Assert.Equal(22, e.Message.Split('\n').Length);
        Assert.EndsWith("and 40 more", e.Message);
    }

    [Fact]
    public void OpenVoc_SkipWithinFraction_LeavesOutAndLists()
    {
        _folder.Voc("a\nb\nc\nd\n", "a", "b", "c", "d");
        File.Delete(_folder.PathOf("SegmentationClass/b.png"));
        DatasetOptions options = new() { Policy = BadSamplePolicy.Skip, MaxSkippedFraction = 0.25 };

        SegmentationDataset dataset = SegmentationDataset.OpenVoc(_folder.Root, VocSplit.Train, options);

        Assert.Equal(["a", "c", "d"], dataset.Samples.Select(sample => sample.Id));
        SampleProblem skipped = Assert.Single(dataset.Skipped);
        Assert.Equal(("b", SampleProblemKind.MissingMask), (skipped.Id, skipped.Kind));
    }

    [Fact]
    public void OpenVoc_SkipBeyondFraction_Fails()
    {
        _folder.Voc("a\nb\nc\nd\n", "a", "b", "c", "d");
        File.Delete(_folder.PathOf("SegmentationClass/b.png"));
        DatasetOptions options = new() { Policy = BadSamplePolicy.Skip, MaxSkippedFraction = 0.24 };

        DatasetException e = Assert.Throws<DatasetException>(() => SegmentationDataset.OpenVoc(_folder.Root, VocSplit.Train, options));

        Assert.Contains("1 of 4 samples cannot be used; expected at most 0.24", e.Message);
        Assert.Single(e.Problems);
    }

    [Fact]
    public void OpenVoc_SkipEverything_Fails()
    {
        _folder.Voc("a\n");
        DatasetOptions options = new() { Policy = BadSamplePolicy.Skip, MaxSkippedFraction = 1 };

        Assert.Throws<DatasetException>(() => SegmentationDataset.OpenVoc(_folder.Root, VocSplit.Train, options));
    }

    [Fact]
    public void OpenVoc_AboveLimit_IsAProblemOfBothFiles()
    {
        _folder.Voc("a\n", "a");
        DatasetOptions options = new() { ImageLimits = new() { MaxPixels = 47 } };

        DatasetException e = Assert.Throws<DatasetException>(() => SegmentationDataset.OpenVoc(_folder.Root, VocSplit.Train, options));

        Assert.Equal([SampleProblemKind.UnreadableImage, SampleProblemKind.UnreadableMask], e.Problems.Select(problem => problem.Kind));
    }

    [Fact]
    public void OpenVoc_Cancelled_Stops()
    {
        _folder.Voc("a\n", "a");

        Assert.Throws<OperationCanceledException>(
            () => SegmentationDataset.OpenVoc(_folder.Root, VocSplit.Train, cancellationToken: new CancellationToken(true)));
    }

    [Fact]
    public void OpenVoc_OwnClasses_DecideWhichIdsAreAllowed()
    {
        _folder.Voc("a\n", "a").Mask("SegmentationClass/a.png", 6, 8, (0, 0, 2));
        ClassList two = new(["ground", "thing"]), three = new(["ground", "thing", "other"]);

        DatasetException e = Assert.Throws<DatasetException>(() => SegmentationDataset.OpenVoc(_folder.Root, VocSplit.Train, two));

        Assert.Contains("has id 2; expected 0 to 1", e.Message);
        Assert.Same(three, SegmentationDataset.OpenVoc(_folder.Root, VocSplit.Train, three).Classes);
    }

    [Fact]
    public void Read_All_TellsTheirNumberWithoutReadingThem()
    {
        _folder.Voc("a\nb\n", "a", "b");
        SegmentationDataset dataset = SegmentationDataset.OpenVoc(_folder.Root, VocSplit.Train);
        File.Delete(_folder.PathOf("JPEGImages/b.jpg"));

        IEnumerable<LabeledImage> images = dataset.Read();

        Assert.True(images.TryGetNonEnumeratedCount(out int count));
        Assert.Equal(2, count);
        Assert.Equal("a", images.First().Id);
    }

    [Fact]
    public void Read_MaskChangedSinceOpening_NamesIt()
    {
        _folder.Voc("a\nb\n", "a", "b");
        SegmentationDataset dataset = SegmentationDataset.OpenVoc(_folder.Root, VocSplit.Train);
        _folder.Mask("SegmentationClass/b.png", 6, 8, (0, 7, 77));

        Assert.Equal("a", dataset.Read(0).Id);
        DatasetException e = Assert.Throws<DatasetException>(() => dataset.Read().Count());

        Assert.Contains("pixel (x 7, y 0) has id 77", e.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Read_NoSuchSample_Throws(int index)
    {
        _folder.Voc("a\n", "a");
        SegmentationDataset dataset = SegmentationDataset.OpenVoc(_folder.Root, VocSplit.Train);

        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.Read(index));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void MaxSkippedFraction_OutsideZeroToOne_Throws(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DatasetOptions { MaxSkippedFraction = fraction });
}
