using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline;
using Xunit;

namespace SamSegmentation.ML.Tests.Pipeline;

public sealed class LoaderTests : IDisposable
{
    private readonly SceneFolder _scenes = new(training: 4, validation: 2);
    private readonly MLContext _context = new(seed: 1);

    public void Dispose() => _scenes.Dispose();

    [Fact]
    public void LoadVoc_Split_HasItsColumnsAndRows()
    {
        var data = _context.Segmentation().LoadVoc(_scenes.Root, VocSplit.Train);
        Assert.Equal(["Id", "Image", "Label", "Height", "Width", "ImagePath", "LabelPath"], data.Schema.Select(column => column.Name));
        Assert.Equal(new ImageDataViewType(), data.Schema["Image"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Byte), data.Schema["Label"].Type);
        Assert.Equal(ClassList.Voc.Names, Rows.Annotation(data, "Label"));
        Assert.Equal(4, data.GetRowCount());
        Assert.Equal(_scenes.Ids.Take(4), Rows.Texts(data, "Id"));
        Assert.Equal(_scenes.Ids.Skip(4), Rows.Texts(_context.Segmentation().LoadVoc(_scenes.Root, VocSplit.Val), "Id"));
    }

    [Fact]
    public void LoadFolder_Rows_HoldTheFilesContents()
    {
        var data = _scenes.Load(_context);
        var images = Rows.Values<MLImage>(data, "Image");
        var labels = Rows.Vectors<byte>(data, "Label");
        for (var i = 0; i < _scenes.Ids.Count; i++)
        {
            var label = LabelMapPng.Load(_scenes.MaskPath(i));
            Assert.Equal(RgbImage.Load(_scenes.ImagePath(i)).Pixels, RgbImage.FromMLImage(images[i]).Pixels);
            Assert.Equal(_scenes.ImagePath(i), images[i].Tag);
            Assert.Equal(label.Ids, labels[i].Select(id => (ushort)id));
            Assert.Equal((label.Height, label.Width), (Rows.Values<int>(data, "Height")[i], Rows.Values<int>(data, "Width")[i]));
        }
        Assert.Equal(SceneFolder.Classes.Names, Rows.Annotation(data, "Label"));
    }

    [Fact]
    public void LoadFolder_MoreThan255Classes_HasLabelsOf16Bits()
    {
        using var folder = new TestFolder();
        folder.Write("a.jpg", new RgbImage(1, 3, new byte[9]).EncodePng());
        LabelMapPng.SaveGray(new LabelMap(1, 3, [0, 299, 65535]), folder.PathOf("a.png"));
        var classes = new ClassList(Enumerable.Range(0, 300).Select(id => $"class {id}"));
        var data = _context.Segmentation().LoadFolder(folder.Root, folder.Root, classes, new FolderOptions { ImageSuffixes = [".jpg"] });
        Assert.Equal([0, 299, 65535], Assert.Single(Rows.Vectors<ushort>(data, "Label")));
    }

    [Fact]
    public void GetRowCursor_ColumnsThatNobodyAskedFor_AreNotDecoded()
    {
        var data = _scenes.Load(_context);
        File.Delete(_scenes.MaskPath(1));
        Assert.Equal(6, Rows.Values<MLImage>(data, "Image").Count);
        Assert.Equal(6, Rows.Values<int>(data, "Height").Count);
    }

    [Fact]
    public void GetRowCursor_MaskThatIsGone_NamesColumnRowAndFile()
    {
        var data = _scenes.Load(_context);
        File.Delete(_scenes.MaskPath(1));
        var error = Assert.Throws<SegmentationDataException>(() => Rows.Vectors<byte>(data, "Label"));
        Assert.Equal(("Label", 1), (error.Column, error.Row));
        Assert.Contains(_scenes.MaskPath(1), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetRowCursor_CorruptImageInRow37_NamesColumnRowAndFile()
    {
        using var scenes = new SceneFolder(training: 40, validation: 0);
        var data = scenes.Load(_context);
        File.WriteAllBytes(scenes.ImagePath(37), [.. File.ReadAllBytes(scenes.ImagePath(37)).Take(100)]);
        var error = Assert.Throws<SegmentationDataException>(() => Rows.Values<MLImage>(data, "Image"));
        Assert.StartsWith("Column 'Image', row 37: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(scenes.ImagePath(37), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetRowCursor_Random_ShufflesByItsSeed()
    {
        var data = _scenes.Load(_context);
        Assert.True(data.CanShuffle);
        var shuffled = Rows.Texts(data, "Id", new Random(5));
        Assert.NotEqual(_scenes.Ids, shuffled);
        Assert.Equal(_scenes.Ids, shuffled.Order());
        Assert.Equal(shuffled, Rows.Texts(data, "Id", new Random(5)));
    }

    [Fact]
    public void GetIdGetter_ShuffledRows_KeepTheirIds()
    {
        var data = _scenes.Load(_context);
        var plain = IdsOf(data, null);
        var shuffled = IdsOf(data, new Random(5));
        Assert.Equal(plain.OrderBy(pair => pair.Key), shuffled.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void GetGetter_BeforeMoveNextOrOfAnInactiveColumnOrOfAnotherType_Throws()
    {
        var data = _scenes.Load(_context);
        using var cursor = data.GetRowCursor([data.Schema["Height"]]);
        Assert.True(cursor.IsColumnActive(data.Schema["Height"]));
        Assert.False(cursor.IsColumnActive(data.Schema["Label"]));
        var value = 0;
        Assert.Contains("MoveNext", Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<int>(data.Schema["Height"])(ref value)).Message, StringComparison.Ordinal);
        Assert.Contains("'Label'", Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<VBuffer<byte>>(data.Schema["Label"])).Message, StringComparison.Ordinal);
        Assert.Contains("'Height'", Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<long>(data.Schema["Height"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GetRowCursorSet_AnyNumber_GivesOneCursorOfAllRows()
    {
        var data = _scenes.Load(_context);
        using var cursor = Assert.Single(data.GetRowCursorSet([data.Schema["Id"]], 4));
        var rows = 0;
        while (cursor.MoveNext())
            Assert.Equal(rows++, cursor.Position);
        Assert.Equal((6, -1), (rows, cursor.Position));
    }

    [Fact]
    public void StockOperations_OverTheLoader_Work()
    {
        var data = _scenes.Load(_context);
        var split = _context.Data.TrainTestSplit(data, 0.4, seed: 1);
        Assert.Equal(_scenes.Ids, Rows.Texts(split.TrainSet, "Id").Concat(Rows.Texts(split.TestSet, "Id")).Order());
        Assert.Equal(_scenes.Ids.Take(2), Rows.Texts(_context.Data.TakeRows(data, 2), "Id"));
        Assert.Equal(_scenes.Ids, Rows.Texts(_context.Data.ShuffleRows(data, seed: 3), "Id").Order());
        Assert.Equal(_scenes.Ids, _context.Data.CreateEnumerable<Scene>(data, reuseRowObject: false).Select(scene => scene.Id));
        Assert.Equal(Rows.Vectors<byte>(data, "Label"), _context.Data.CreateEnumerable<Scene>(data, reuseRowObject: true).Select(scene => scene.Label.ToArray()).ToList());
    }

    private static Dictionary<string, DataViewRowId> IdsOf(IDataView data, Random? rand)
    {
        var ids = new Dictionary<string, DataViewRowId>();
        using var cursor = data.GetRowCursor([data.Schema["Id"]], rand);
        var getName = cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Id"]);
        var getId = cursor.GetIdGetter();
        while (cursor.MoveNext())
        {
            ReadOnlyMemory<char> name = default;
            DataViewRowId id = default;
            getName(ref name);
            getId(ref id);
            ids.Add(name.ToString(), id);
        }
        return ids;
    }

    private sealed class Scene
    {
        public string Id { get; set; } = "";

        public byte[] Label { get; set; } = [];
    }
}
