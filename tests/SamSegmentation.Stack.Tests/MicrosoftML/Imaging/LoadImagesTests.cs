using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Imaging;

public sealed class LoadImagesTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public LoadImagesTests()
    {
        using var one = MLImage.CreateFromPixels(1, 2, MLPixelFormat.Bgra32, [1, 2, 3, 255, 4, 5, 6, 255]);
        one.Save(_folder.PathOf("one.png"));
        using var two = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, [7, 8, 9, 255, 10, 11, 12, 255]);
        two.Save(_folder.PathOf("two.png"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_OfRelativePaths_AreInTheFolder()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { Path = "one.png" }, new Row { Path = "two.png" }]);

        var loaded = _ml.Transforms.LoadImages("Image", _folder.Root, "Path").Fit(data).Transform(data);

        Assert.Equal(new ImageDataViewType().ToString(), loaded.Schema["Image"].Type.ToString());
        Assert.Equal(["1x2", "2x1"], loaded.GetColumn<MLImage>("Image").Select(image => $"{image.Width}x{image.Height}"));
        Assert.Equal(
            [_folder.PathOf("one.png"), _folder.PathOf("two.png")], loaded.GetColumn<MLImage>("Image").Select(image => image.Tag));
    }

    [Fact]
    public void Images_WithoutAFolder_AreWhereTheTextSays()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { Path = _folder.PathOf("one.png") }]);

        var loaded = _ml.Transforms.LoadImages("Image", "", "Path").Fit(data).Transform(data);

        Assert.Equal([1, 2, 3, 255, 4, 5, 6, 255], loaded.GetColumn<MLImage>("Image").Select(image => image.Pixels.ToArray()).Single());
    }

    [Fact]
    public void Image_OfTheRowBefore_IsDisposed()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { Path = "one.png" }, new Row { Path = "two.png" }]);
        var loaded = _ml.Transforms.LoadImages("Image", _folder.Root, "Path").Fit(data).Transform(data);
        MLImage first, second;

        using (var cursor = loaded.GetRowCursor(loaded.Schema))
        {
            var get = cursor.GetGetter<MLImage>(loaded.Schema["Image"]);
            MLImage image = null!;
            cursor.MoveNext();
            get(ref image);
            first = image;
            cursor.MoveNext();
            get(ref image);
            second = image;
            Assert.Equal(2, second.Width);
        }

        Assert.Throws<InvalidOperationException>(() => first.Width);
        Assert.Throws<InvalidOperationException>(() => second.Width);
    }

    [Fact]
    public void Image_OfAnEmptyPath_IsNull()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { Path = "" }]);

        Assert.Null(_ml.Transforms.LoadImages("Image", _folder.Root, "Path").Fit(data).Transform(data).GetColumn<MLImage>("Image").Single());
    }

    [Fact]
    public void Image_ThatIsAbsentOrForeign_Throws()
    {
        _folder.Write("text.png", [1, 2, 3]);
        var absent = _ml.Data.LoadFromEnumerable([new Row { Path = "absent.png" }]);
        var foreign = _ml.Data.LoadFromEnumerable([new Row { Path = "text.png" }]);
        var loader = _ml.Transforms.LoadImages("Image", _folder.Root, "Path");

        Assert.Throws<FileNotFoundException>(() => loader.Fit(absent).Transform(absent).GetColumn<MLImage>("Image").Count());
        Assert.Throws<ArgumentException>(() => loader.Fit(foreign).Transform(foreign).GetColumn<MLImage>("Image").Count());
    }

    [Fact]
    public void Column_ThatIsAbsentOrNoText_IsNamed()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row()]);

        var absent = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.LoadImages("Image", "", "Absent").Fit(data));
        var number = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.LoadImages("Image", "", "Number").Fit(data));

        Assert.Contains("'Absent'", absent.Message, StringComparison.Ordinal);
        Assert.Contains("'Number'", number.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_ThatIsAbsent_Throws()
    {
        Assert.Throws<ArgumentException>(() => _ml.Transforms.LoadImages("Image", _folder.PathOf("absent"), "Path"));
    }

    [Fact]
    public void Model_Loaded_ReadsTheSameImages()
    {
        var data = _ml.Data.LoadFromEnumerable([new Row { Path = "two.png" }]);
        using var stream = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.LoadImages("Image", _folder.Root, "Path").Fit(data), data.Schema, stream);
        stream.Position = 0;

        var loaded = _ml.Model.Load(stream, out _).Transform(data);

        Assert.Equal([7, 8, 9, 255, 10, 11, 12, 255], loaded.GetColumn<MLImage>("Image").Select(image => image.Pixels.ToArray()).Single());
    }

    private sealed class Row
    {
        public string? Path { get; set; }
        public int Number { get; set; }
    }
}
