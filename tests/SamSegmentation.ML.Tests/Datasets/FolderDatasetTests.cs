using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;
using Xunit;

namespace SamSegmentation.ML.Tests.Datasets;

public sealed class FolderDatasetTests : IDisposable
{
    private readonly DatasetFolder _folder = new();
    private readonly ClassList _classes = new(["background", "road", "sky"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OpenFolder_ReferenceLayout_PairsByNameInOrdinalOrder()
    {
        _folder.Photo("img/train/b.jpg").Photo("img/train/a.jpg").Photo("img/train/B.jpg").Photo("img/val/z.jpg");
        _folder.Mask("ann/train/a.png").Mask("ann/train/b.png", 6, 8, (1, 2, 2)).Mask("ann/train/B.png").Mask("ann/val/z.png");

        SegmentationDataset dataset = Open("img/train", "ann/train");

        Assert.Equal(["B", "a", "b"], dataset.Samples.Select(sample => sample.Id));
        LabeledImage last = dataset.Read(2);
        Assert.Equal(("b", 6, 8, 2), (last.Id, last.Image.Height, last.Image.Width, last.Label[1, 2]));
    }

    [Fact]
    public void OpenFolder_Recursive_IdsAreRelativePaths()
    {
        _folder.Photo("img/city/one/x.jpg").Photo("img/y.JPG").Text("img/notes.txt", "no photo").Text("img/.hidden.jpg", "no photo");
        _folder.Mask("ann/city/one/x.png").Mask("ann/y.png");

        Assert.Equal(["city/one/x", "y"], Open("img", "ann", new FolderOptions { Recursive = true }).Samples.Select(sample => sample.Id));
    }

    [Fact]
    public void OpenFolder_NotRecursive_LeavesInnerFoldersAlone()
    {
        _folder.Photo("img/x.jpg").Photo("img/inner/y.jpg").Mask("ann/x.png").Mask("ann/inner/other.png");

        Assert.Equal(["x"], Open("img", "ann").Samples.Select(sample => sample.Id));
    }

    [Fact]
    public void OpenFolder_SameFolder_LongestSuffixDecides()
    {
        _folder.Photo("all/x.png").Mask("all/x_mask.png").Photo("all/y.jpg").Mask("all/y_mask.png");

        Assert.Equal(["x", "y"], Open("all", "all", new FolderOptions { MaskSuffix = "_mask.png" }).Samples.Select(sample => sample.Id));
    }

    [Fact]
    public void OpenFolder_SameFolderPhotosWithLongerSuffix_LongestSuffixDecides()
    {
        _folder.Photo("all/x_rgb.png").Mask("all/x.png");

        Assert.Equal(["x"], Open("all", "all", new FolderOptions { ImageSuffixes = ["_rgb.png"] }).Samples.Select(sample => sample.Id));
    }

    [Theory]
    [InlineData("data", "data/masks")]
    [InlineData("data/images", "data")]
    public void OpenFolder_OneWithinTheOther_FilesBelongToTheInner(string images, string masks)
    {
        _folder.Photo(images + "/x.png").Mask(masks + "/x.png");

        Assert.Equal(["x"], Open(images, masks, new FolderOptions { Recursive = true }).Samples.Select(sample => sample.Id));
    }

    [Fact]
    public void OpenFolder_SameFolderAndSuffix_SaysNothingTellsThemApart()
    {
        _folder.Photo("all/x.png");

        ArgumentException e = Assert.Throws<ArgumentException>(() => Open("all", "all", new FolderOptions { ImageSuffixes = [".png"] }));

        Assert.Contains("nothing tells them apart", e.Message);
    }

    [Fact]
    public void OpenFolder_FilesThatStandAlone_AreListed()
    {
        _folder.Photo("img/a.jpg").Photo("img/b.jpg").Mask("ann/b.png").Mask("ann/c.png");

        DatasetException e = Assert.Throws<DatasetException>(() => Open("img", "ann"));

        Assert.Equal(
            [("a", SampleProblemKind.MissingMask, "a.png"), ("c", SampleProblemKind.MissingImage, "c.jpg")],
            e.Problems.Select(problem => (problem.Id, problem.Kind, Path.GetFileName(problem.Path))));
    }

    [Fact]
    public void OpenFolder_TwoPhotosOfOneName_AreListed()
    {
        _folder.Photo("img/a.jpg").Photo("img/a.png").Mask("ann/a.png");

        SampleProblem problem = Assert.Single(Assert.Throws<DatasetException>(() => Open("img", "ann")).Problems);

        Assert.Equal((SampleProblemKind.DuplicateId, "a.png"), (problem.Kind, Path.GetFileName(problem.Path)));
        Assert.Contains("a.jpg", problem.Message);
    }

    [Fact]
    public void OpenFolder_IdOutsideClasses_NamesPixelAndValue()
    {
        _folder.Photo("img/a.jpg").Mask("ann/a.png", 6, 8, (5, 7, 3));

        SampleProblem problem = Assert.Single(Assert.Throws<DatasetException>(() => Open("img", "ann")).Problems);

        Assert.Equal("pixel (x 7, y 5) has id 3; expected 0 to 2 or 255 for void", problem.Message);
    }

    [Fact]
    public void OpenFolder_MoreThan255Classes_TakesWideIdsAndWideVoid()
    {
        ClassList many = new(Enumerable.Range(0, 300).Select(id => $"class {id}"));
        _folder.Photo("img/a.jpg").Mask("ann/a.png", 6, 8, (0, 0, 299), (0, 1, 65535), (0, 2, 255));

        LabeledImage sample = SegmentationDataset.OpenFolder(_folder.PathOf("img"), _folder.PathOf("ann"), many).Read(0);

        Assert.Equal([299, 65535, 255], sample.Label.Ids[..3]);
    }

    [Fact]
    public void OpenFolder_ColoredMasks_AreReadByColor()
    {
        ColorMap colors = new([(0, 0, 0), (200, 0, 0), (0, 0, 99)]);
        _folder.Photo("img/a.jpg");
        LabelMap map = new(6, 8) { [2, 2] = 1, [3, 3] = 2 };
        colors.Colorize(map).SavePng(_folder.PathOf("ann/a.png"));

        LabeledImage sample = Open("img", "ann", new FolderOptions { MaskColors = colors }).Read(0);

        Assert.Equal(map.Ids, sample.Label.Ids);
    }

    [Fact]
    public void OpenFolder_UnknownColor_NamesPixelAndColor()
    {
        _folder.Photo("img/a.jpg");
        ColorMap.Voc.Colorize(new LabelMap(6, 8) { [1, 4] = 1 }).SavePng(_folder.PathOf("ann/a.png"));

        SampleProblem problem = Assert.Single(Assert.Throws<DatasetException>(
            () => Open("img", "ann", new FolderOptions { MaskColors = new ColorMap([(0, 0, 0)]) })).Problems);

        Assert.Equal(SampleProblemKind.UnreadableMask, problem.Kind);
        Assert.Contains("pixel (x 4, y 1): the colour (128, 0, 0)", problem.Message);
    }

    [Fact]
    public void OpenFolder_NoPhotos_SaysSo()
    {
        _folder.Photo("img/inner/a.jpg").Text("ann/readme.txt", "");

        DatasetException e = Assert.Throws<DatasetException>(() => Open("img", "ann"));

        Assert.Contains("no photographs (.jpg, .jpeg, .png)", e.Message);
        Assert.Contains("Recursive", e.Message);
    }

    [Fact]
    public void OpenFolder_MissingFolder_NamesIt()
    {
        _folder.Photo("img/a.jpg");

        DatasetException e = Assert.Throws<DatasetException>(() => Open("img", "none"));

        Assert.EndsWith("none", e.Path);
        Assert.Contains("masks", e.Message);
    }

    [Fact]
    public void OpenFolder_EmptySuffix_Throws()
    {
        _folder.Photo("img/a.jpg").Mask("ann/a.png");

        Assert.Throws<ArgumentException>(() => Open("img", "ann", new FolderOptions { MaskSuffix = "" }));
        Assert.Throws<ArgumentException>(() => Open("img", "ann", new FolderOptions { ImageSuffixes = [] }));
    }

    private SegmentationDataset Open(string images, string masks, FolderOptions? options = null) =>
        SegmentationDataset.OpenFolder(Path.Combine(_folder.Root, images), Path.Combine(_folder.Root, masks), _classes, options);
}
