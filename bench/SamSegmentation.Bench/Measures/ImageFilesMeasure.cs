using SamSegmentation.Bench.Measuring;
using SamSegmentation.Bench.Parts;

namespace SamSegmentation.Bench.Measures;

/// <summary>JPEG, resizing and PNG, against the decoder and the compressor beneath.</summary>
internal sealed class ImageFilesMeasure : IMeasure
{
    public string Name => "image-files";

    public IReadOnlyList<Figure> Run(Effort effort)
    {
        var seconds = PartRun.Seconds<ImageFileParts>(effort);
        return
        [
            Rate("JPEG decoded, 500×375", nameof(ImageFileParts.DecodeJpeg), nameof(ImageFileParts.DecodeJpegByMLImage), "MLImage alone"),
            Rate("JPEG decoded and resized to 1024", nameof(ImageFileParts.DecodeAndResize), nameof(ImageFileParts.DecodeJpegByMLImage), "MLImage's decoding alone"),
            Rate("JPEG decoded, resized and made a tensor", nameof(ImageFileParts.DecodeToTensor), nameof(ImageFileParts.DecodeJpegByMLImage), "MLImage's decoding alone"),
            Rate("PNG of ids written", nameof(ImageFileParts.WriteIds), nameof(ImageFileParts.WriteIdsByZlib), "zlib alone"),
            Rate("PNG of colours written", nameof(ImageFileParts.WriteRgb), nameof(ImageFileParts.WriteRgbByZlib), "zlib alone, unfiltered"),
        ];

        Figure Rate(string name, string part, string reference, string to) =>
            new(name, 1 / seconds[part], "images/s") { Ratio = seconds[part] / seconds[reference], To = to };
    }
}
