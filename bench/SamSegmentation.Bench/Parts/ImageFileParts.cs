using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using Microsoft.ML.Data;
using SamSegmentation.Bench.Subjects;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.Bench.Parts;

/// <summary>Reading a photograph of VOC's size, preparing it for the network, and writing its prediction.</summary>
public class ImageFileParts
{
    private readonly RgbImage _image = BenchScenes.Image(0);
    private readonly LabelMap _labels = BenchScenes.Label(0);
    private readonly SamPreprocessor _preprocessor = new(1024, Preprocessing.Sam);
    private byte[] _jpeg = [];
    private byte[] _ids = [];

    [GlobalSetup]
    public void Setup()
    {
        using var folder = new TemporaryFolder();
        using var picture = _image.ToMLImage();
        picture.Save(folder.File("scene.jpg"));
        _jpeg = File.ReadAllBytes(folder.File("scene.jpg"));
        _ids = Array.ConvertAll(_labels.Ids, id => (byte)id);
    }

    [Benchmark]
    public int DecodeJpeg() => RgbImage.Decode(_jpeg).Width;

    [Benchmark]
    public int DecodeJpegByMLImage()
    {
        using var image = MLImage.CreateFromStream(new MemoryStream(_jpeg));
        return image.Width;
    }

    [Benchmark]
    public int DecodeAndResize() => _preprocessor.Prepare(RgbImage.Decode(_jpeg)).Pixels.Length;

    [Benchmark]
    public int DecodeToTensor()
    {
        using var input = _preprocessor.ToTensor([_preprocessor.Prepare(RgbImage.Decode(_jpeg))]);
        return (int)input.shape[0];
    }

    [Benchmark]
    public int WriteIds() => LabelMapPng.EncodeGray(_labels).Length;

    [Benchmark]
    public int WriteIdsByZlib()
    {
        using var target = new MemoryStream();
        using (var zlib = new ZLibStream(target, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(_ids);
        return (int)target.Length;
    }

    [Benchmark]
    public int WriteRgb() => _image.EncodePng().Length;

    [Benchmark]
    public int WriteRgbByZlib()
    {
        using var target = new MemoryStream();
        using (var zlib = new ZLibStream(target, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(_image.Pixels);
        return (int)target.Length;
    }
}
