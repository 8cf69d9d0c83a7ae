using SamSegmentation.ML.Datasets;
using Xunit;

namespace SamSegmentation.ML.Tests.Datasets;

public sealed class ClassListTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Voc_Names_AreBackgroundAndTwentyObjects()
    {
        Assert.Equal(21, ClassList.Voc.Count);
        Assert.Equal("background", ClassList.Voc.Names[0]);
        Assert.Equal("person", ClassList.Voc.Names[15]);
        Assert.Equal("tvmonitor", ClassList.Voc.Names[20]);
        Assert.Equal(ClassList.Voc.Names.Skip(1).Order(StringComparer.Ordinal), ClassList.Voc.Names.Skip(1));
        Assert.Equal(255, ClassList.Voc.VoidId);
    }

    [Theory]
    [InlineData(1, 255)]
    [InlineData(255, 255)]
    [InlineData(256, 65535)]
    [InlineData(65535, 65535)]
    public void VoidId_AnyCount_IsNoClass(int count, int expected)
    {
        ClassList classes = new(Enumerable.Range(0, count).Select(id => $"class {id}"));

        Assert.Equal(expected, classes.VoidId);
        Assert.True(classes.Allows(expected));
        Assert.True(classes.Allows(count - 1));
        Assert.Equal(count == expected, classes.Allows(count));
        Assert.False(classes.Allows(-1));
    }

    [Fact]
    public void Constructor_BadNames_SaysWhich()
    {
        Assert.Contains("not 0", Assert.Throws<ArgumentException>(() => new ClassList([])).Message);
        Assert.Contains("not 65536", Assert.Throws<ArgumentException>(() => new ClassList(Enumerable.Range(0, 65536).Select(id => $"{id}"))).Message);
        Assert.Contains("Class 1 has no name", Assert.Throws<ArgumentException>(() => new ClassList(["a", " "])).Message);
        Assert.Contains("Classes 0 and 2 have the same name 'a'", Assert.Throws<ArgumentException>(() => new ClassList(["a", "b", "a"])).Message);
    }

    [Theory]
    [InlineData("background\nroad\nsky\n")]
    [InlineData("background\r\n road \r\nsky\r\n\r\n")]
    [InlineData("\uFEFFbackground\nroad\nsky")]
    public void Load_NamesOneALine_AreInOrder(string text)
    {
        string path = _folder.Write("classes.txt", System.Text.Encoding.UTF8.GetBytes(text));

        Assert.Equal(["background", "road", "sky"], ClassList.Load(path).Names);
    }

    [Theory]
    [InlineData("", "not 0")]
    [InlineData("a\n\nb\n", "line 2 is empty; expected the name of class 1")]
    [InlineData("a\nb\na\n", "Classes 0 and 2 have the same name 'a'")]
    public void Load_BadFile_SaysFileAndWhy(string text, string reason)
    {
        string path = _folder.Write("classes.txt", System.Text.Encoding.UTF8.GetBytes(text));

        DatasetException e = Assert.Throws<DatasetException>(() => ClassList.Load(path));

        Assert.Equal(path, e.Path);
        Assert.Contains(path, e.Message);
        Assert.Contains(reason, e.Message);
    }
}
