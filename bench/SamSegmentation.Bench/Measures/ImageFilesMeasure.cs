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
            Rate("resized to 1024", nameof(ImageFileParts.Resize), nameof(ImageFileParts.DecodeJpegByMLImage), "decoding it"),
            Rate("resized and made a tensor", nameof(ImageFileParts.ToTensor), nameof(ImageFileParts.DecodeJpegByMLImage), "decoding it"),
            Rate("PNG of ids written", nameof(ImageFileParts.WriteIds), nameof(ImageFileParts.WriteIdsByZlib), "zlib alone"),
            Rate("PNG of colours written", nameof(ImageFileParts.WriteRgb), nameof(ImageFileParts.WriteRgbByZlib), "zlib alone, unfiltered"),
        ];

        Figure Rate(string name, string part, string reference, string to) =>
            new(name, 1 / seconds[part], "images/s") { Ratio = seconds[part] / seconds[reference], To = to };
    }
}
