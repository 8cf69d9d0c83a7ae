using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Tests.Datasets;

/// <summary>Small photographs and masks of one test, in VOC's layout or any other.</summary>
public sealed class DatasetFolder : IDisposable
{
    private readonly TestFolder _folder = new();

    public string Root => _folder.Root;

    public string PathOf(string relative) => _folder.PathOf(relative);

    public void Dispose() => _folder.Dispose();

    /// <summary>Writes a VOC2012 folder's list and pairs of 6×8 for its ids.</summary>
    public DatasetFolder Voc(string list, params string[] ids)
    {
        Text("ImageSets/Segmentation/train.txt", list);
        foreach (string id in ids)
        {
            Photo($"JPEGImages/{id}.jpg");
            Mask($"SegmentationClass/{id}.png");
        }

        return this;
    }

    public DatasetFolder Text(string relative, string text)
    {
        _folder.Write(relative, System.Text.Encoding.UTF8.GetBytes(text));
        return this;
    }

    public DatasetFolder Photo(string relative, int height = 6, int width = 8)
    {
        byte[] pixels = [.. Enumerable.Range(0, 3 * height * width).Select(i => (byte)(i * 5))];
        using Microsoft.ML.Data.MLImage image = new RgbImage(height, width, pixels).ToMLImage();
        image.Save(_folder.PathOf(relative));
        return this;
    }

    public DatasetFolder Mask(string relative, int height = 6, int width = 8, params (int Y, int X, int Id)[] ids)
    {
        LabelMap map = new(height, width);
        foreach ((int y, int x, int id) in ids)
        {
            map[y, x] = (ushort)id;
        }

        LabelMapPng.SaveGray(map, _folder.PathOf(relative));
        return this;
    }
}
