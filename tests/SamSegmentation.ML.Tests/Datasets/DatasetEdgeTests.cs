using System.Text;
using SamSegmentation.ML.Datasets;
using Xunit;

namespace SamSegmentation.ML.Tests.Datasets;

/// <summary>What real folders and lists bring along: marks, links, foreign letters, strange files, many lines.</summary>
public sealed class DatasetEdgeTests : IDisposable
{
    private static readonly FolderOptions _recursive = new() { Recursive = true };

    private readonly DatasetFolder _folder = new();
    private readonly ClassList _classes = new(["background", "road", "sky"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OpenVoc_ListWithByteOrderMark_IsRead()
    {
        _folder.Voc("\ufeffa_1\r\nb_2", "a_1", "b_2");

        Assert.Equal(["a_1", "b_2"], SegmentationDataset.OpenVoc(_folder.Root, VocSplit.Train).Samples.Select(sample => sample.Id));
    }

    [Fact]
    public void LoadClassList_WithByteOrderMark_IsRead()
    {
        _folder.Text("names.txt", "\ufeffbackground\r\nStraße\r\n");

        Assert.Equal(["background", "Straße"], ClassList.Load(_folder.PathOf("names.txt")).Names);
    }

    [Fact]
    public void OpenFolder_ForeignLetters_PairAndKeepTheirNames()
    {
        string[] names = ["äöü ß", "日本語", "дом.2", "a+b (1)", "🙂"];
        foreach (string name in names)
        {
            _folder.Photo($"img/{name}.jpg").Mask($"ann/{name}.png");
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), Open().Samples.Select(sample => sample.Id));
    }

    [Fact]
    public void OpenVoc_ListOfManyThousandLines_ListsTwentyInTheMessageAndAllBeside()
    {
        const int lines = 5_000;
        StringBuilder list = new();
        for (int i = 0; i < lines; i++)
        {
            list.Append("2007_").Append(i).Append('\n');
        }

        _folder.Voc(list.ToString());

        DatasetException e = Assert.Throws<DatasetException>(() => SegmentationDataset.OpenVoc(_folder.Root, VocSplit.Train));

        Assert.Equal(2 * lines, e.Problems.Count); // neither photograph nor mask
        Assert.Equal("2007_4999", e.Problems[^1].Id);
        Assert.Contains("5000 of 5000 samples cannot be used", e.Message);
        Assert.Contains($"and {2 * lines - 20} more", e.Message);
        Assert.Equal(22, e.Message.Split('\n').Length);
    }

    [Fact]
    public void OpenFolder_FilesThatAreNotWhatTheirNamesSay_AreReportedByContent()
    {
        _folder.Photo("img/png-named-jpg.png").Mask("ann/png-named-jpg.png");
        File.Move(_folder.PathOf("img/png-named-jpg.png"), _folder.PathOf("img/png-named-jpg.jpg"));
        _folder.Photo("img/jpeg-mask.jpg").Photo("ann/jpeg-mask.jpg");
        File.Move(_folder.PathOf("ann/jpeg-mask.jpg"), _folder.PathOf("ann/jpeg-mask.png"));
        _folder.Text("img/empty.jpg", "").Mask("ann/empty.png");
        _folder.Photo("img/text-mask.jpg").Text("ann/text-mask.png", "version https://git-lfs.github.com/spec/v1");

        DatasetException e = Assert.Throws<DatasetException>(() => Open());

        Assert.Equal(
            [("empty", SampleProblemKind.UnreadableImage), ("jpeg-mask", SampleProblemKind.UnreadableMask), ("text-mask", SampleProblemKind.UnreadableMask)],
            e.Problems.Select(problem => (problem.Id, problem.Kind)));
        Assert.Contains("the file is empty", e.Problems[0].Message);
        Assert.Contains("found bytes FFD8FF", e.Problems[1].Message);
        Assert.Contains("found bytes 76657273", e.Problems[2].Message);
    }

    [Fact]
    public void OpenFolder_FolderNamedLikeAPhoto_IsNoPhoto()
    {
        _folder.Photo("img/x.jpg").Mask("ann/x.png");
        Directory.CreateDirectory(_folder.PathOf("img/y.jpg"));

        Assert.Equal(["x"], Open().Samples.Select(sample => sample.Id));
    }

    [Fact]
    public void OpenFolder_LinkedFilesAndFolders_AreFollowed()
    {
        _folder.Photo("elsewhere/a.jpg").Photo("elsewhere/more/b.jpg").Mask("ann/a.png").Mask("ann/more/b.png");
        Link("img/a.jpg", "elsewhere/a.jpg");
        Link("img/more", "elsewhere/more");

        Assert.Equal(["a", "more/b"], Open(_recursive).Samples.Select(sample => sample.Id));
    }

    [Fact]
    public void OpenFolder_LinkToNothing_IsAnUnreadablePhoto()
    {
        _folder.Photo("img/a.jpg").Mask("ann/a.png").Mask("ann/b.png");
        Link("img/b.jpg", "elsewhere/b.jpg");

        DatasetException e = Assert.Throws<DatasetException>(() => Open());

        SampleProblem problem = Assert.Single(e.Problems);
        Assert.Equal(("b", SampleProblemKind.UnreadableImage, _folder.PathOf("img/b.jpg")), (problem.Id, problem.Kind, problem.Path));
    }

    [Theory]
    [InlineData("img/loop", "img")]
    [InlineData("img/in/loop", "img/in")]
    [InlineData("img/in/loop", "img")]
    [InlineData("img/in/up", "")]
    public void OpenFolder_LinkThatLeadsBack_IsNotFollowed(string link, string target)
    {
        _folder.Photo("img/a.jpg").Photo("img/in/b.jpg").Mask("ann/a.png").Mask("ann/in/b.png");
        Link(link, target);

        Assert.Equal(["a", "in/b"], Open(_recursive).Samples.Select(sample => sample.Id));
    }

    [Fact]
    public void OpenFolder_LinksThatLeadToEachOther_AreFollowedOnce()
    {
        _folder.Photo("img/a/x.jpg").Photo("img/b/y.jpg");
        _folder.Mask("ann/a/x.png").Mask("ann/b/y.png").Mask("ann/a/to/y.png").Mask("ann/b/to/x.png");
        Link("img/a/to", "img/b");
        Link("img/b/to", "img/a");

        Assert.Equal(["a/to/y", "a/x", "b/to/x", "b/y"], Open(_recursive).Samples.Select(sample => sample.Id));
    }

    [Fact]
    public void OpenFolder_RootThatIsALink_IsFollowed()
    {
        _folder.Photo("elsewhere/in/a.jpg").Mask("ann/in/a.png");
        Link("img", "elsewhere");
        Link("elsewhere/in/loop", "elsewhere/in");

        Assert.Equal(["in/a"], Open(_recursive).Samples.Select(sample => sample.Id));
    }

    private SegmentationDataset Open(FolderOptions? options = null) =>
        SegmentationDataset.OpenFolder(_folder.PathOf("img"), _folder.PathOf("ann"), _classes, options);

    private void Link(string link, string target)
    {
        string path = _folder.PathOf(link);
        File.CreateSymbolicLink(path, _folder.PathOf(target));
    }
}
