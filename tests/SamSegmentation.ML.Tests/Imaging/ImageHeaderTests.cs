using SamSegmentation.ML.Imaging;
using Xunit;

namespace SamSegmentation.ML.Tests.Imaging;

public sealed class ImageHeaderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public static TheoryData<string, byte[]> GoodJpegs => new()
    {
        { "plain", JpegBuilder.Photo(300, 400) },
        { "progressive", new JpegBuilder().Frame(0xC2, 300, 400).Scan().End().Build() },
        { "arithmetic", new JpegBuilder().Frame(0xC9, 300, 400).Scan().End().Build() },
        { "fill bytes", new JpegBuilder().Raw(0xFF, 0xFF, 0xFF).Segment(0xFE, 1, 2).Raw(0xFF, 0xFF).Frame(0xC0, 300, 400).Scan().End().Build() },
        { "stray bytes", new JpegBuilder().Segment(0xE1).Raw(1, 2, 3, 0xFF, 0).Frame(0xC0, 300, 400).Scan().End().Build() },
        { "tables named like frames", new JpegBuilder().Segment(0xC4, new byte[17]).Segment(0xCC, 1, 2).Segment(0xC8, new byte[9]).Frame(0xC1, 300, 400).Scan().End().Build() },
        { "frame header inside a comment", new JpegBuilder().Segment(0xFE, 0xFF, 0xC0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 1, 0).Frame(0xC0, 300, 400).Scan().End().Build() },
        { "restart and TEM before", new JpegBuilder().Segment(0xE0).Raw(0xFF, 0x01, 0xFF, 0xD3).Frame(0xC0, 300, 400).Scan().End().Build() },
        { "long profiles first", Enumerable.Range(0, 20).Aggregate(new JpegBuilder(), (jpeg, _) => jpeg.Segment(0xE2, new byte[65533])).Frame(0xC0, 300, 400).Scan().End().Build() },
    };

    public static TheoryData<string, byte[], string, string> BadHeaders => new()
    {
        { "empty", [], "byte 0", "expected a PNG (89504E470D0A1A0A) or JPEG (FFD8FF) signature, found nothing (the file is empty)" },
        { "text", "no image"u8.ToArray(), "byte 0", "found bytes 6E6F20696D616765" },
        { "GIF", "GIF89a"u8.ToArray(), "byte 0", "found bytes 474946383961" },
        { "start alone", [0xFF, 0xD8], "byte 0", "found bytes FFD8" },
        { "scan first", new JpegBuilder().Scan().Frame(0xC0, 3, 4).End().Build(), "marker FFDA at byte 2", "before this" },
        { "end first", new JpegBuilder().End().Frame(0xC0, 3, 4).Build(), "marker FFD9 at byte 2", "before this" },
        { "second start", new JpegBuilder().Raw(0xFF, 0xD8).Frame(0xC0, 3, 4).Build(), "marker FFD8 at byte 2", "second start" },
        { "segment of length 1", new JpegBuilder().Raw(0xFF, 0xE0, 0, 1).Frame(0xC0, 3, 4).Build(), "marker FFE0 at byte 2", "segment length 1" },
        { "segment beyond the end", new JpegBuilder().Raw(0xFF, 0xE0, 0xFF, 0xFF, 0).Build(), "byte 7", "ends before a frame header" },
        { "short frame header", new JpegBuilder().Segment(0xC0, 8, 0, 3, 0, 4).Build(), "marker FFC0 at byte 2", "5 bytes; expected at least 6" },
        { "height 0", new JpegBuilder().Frame(0xC0, 0, 4).Build(), "marker FFC0 at byte 2", "size 4×0" },
        { "width 0", new JpegBuilder().Frame(0xC0, 4, 0).Build(), "marker FFC0 at byte 2", "size 0×4" },
        { "only fill bytes", new JpegBuilder().Raw([.. Enumerable.Repeat((byte)0xFF, 99)]).Build(), "byte 101", "ends before a frame header" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(GoodJpegs))]
    public void Read_Jpeg_GivesSizeOfFrameHeader(string name, byte[] jpeg)
    {
        string path = _folder.Write(name, jpeg);

        Assert.Equal(new ImageInfo(ImageFormat.Jpeg, 300, 400), ImageHeader.Read(path));
    }

    [Fact]
    public void Read_Png_GivesSizeWhateverTheName()
    {
        byte[] png = new PngBuilder { Width = 4, Height = 3, BitDepth = 16, ColorType = PngBuilder.Rgb, Samples = new ushort[36] }.Build();

        Assert.Equal(new ImageInfo(ImageFormat.Png, 3, 4), ImageHeader.Read(_folder.Write("photo.jpg", png[..40])));
    }

    [Fact]
    public void Read_LargePng_ReadsItsBeginningAlone()
    {
        string path = _folder.PathOf("large.png");
        byte[] png = new PngBuilder { Width = 4, Height = 3, BitDepth = 8, ColorType = PngBuilder.Gray, Samples = new ushort[12] }.Build();
        using (FileStream stream = File.Create(path))
        {
            stream.Write(png);
            stream.SetLength(1L << 32); // sparse: takes no room on the disk
        }

        Assert.Equal(new ImageInfo(ImageFormat.Png, 3, 4), ImageHeader.Read(path));
    }

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public void Read_BadHeader_SaysWhereAndWhy(string name, byte[] bytes, string place, string reason)
    {
        string path = _folder.Write(name, bytes);

        ImageFormatException e = Assert.Throws<ImageFormatException>(() => ImageHeader.Read(path));

        Assert.Equal(path, e.Path);
        Assert.Equal(place, e.Place);
        Assert.Contains(reason, e.Reason);
    }

    [Fact]
    public void Read_TruncatedAnywhere_IsSizeOrImageFormatException()
    {
        byte[] jpeg = JpegBuilder.Photo(300, 400);
        int sized = 0;
        for (int length = 0; length < jpeg.Length; length++)
        {
            string path = _folder.Write("photo.jpg", jpeg[..length]);
            if (Record.Exception(() => Assert.Equal(300, ImageHeader.Read(path).Height)) is { } e)
            {
                Assert.IsType<ImageFormatException>(e);
            }
            else
            {
                sized++;
            }
        }

        Assert.Equal(15, sized); // from the end of the frame header on, at byte 33 of 48
    }

    [Fact]
    public void Verify_CompleteJpeg_GivesInfo()
    {
        byte[] jpeg = new JpegBuilder().Frame(0xC2, 5, 6).Scan(1, 0xFF, 0, 2, 0xFF, 0xD0, 3).Scan(4, 0xFF, 0).End().Raw(1, 2, 3).Build();

        Assert.Equal(new ImageInfo(ImageFormat.Jpeg, 5, 6), ImageHeader.Verify(jpeg, ImageLimits.Default, null));
    }

    [Fact]
    public void Verify_TruncatedJpeg_IsRefusedAtEveryLength()
    {
        byte[] jpeg = JpegBuilder.Photo(300, 400);
        for (int length = 0; length < jpeg.Length; length++)
        {
            Assert.Throws<ImageFormatException>(() => ImageHeader.Verify(jpeg.AsSpan(0, length), ImageLimits.Default, null));
        }
    }

    [Fact]
    public void Verify_NoScan_IsRefused()
    {
        byte[] jpeg = new JpegBuilder().Frame(0xC0, 5, 6).End().Build();

        ImageFormatException e = Assert.Throws<ImageFormatException>(() => ImageHeader.Verify(jpeg, ImageLimits.Default, null));

        Assert.Contains("without a scan", e.Reason);
    }

    [Fact]
    public void Verify_JpegAboveLimit_IsRefused()
    {
        ImageFormatException e = Assert.Throws<ImageFormatException>(
            () => ImageHeader.Verify(JpegBuilder.Photo(300, 400), new ImageLimits { MaxPixels = 119_999 }, "a.jpg"));

        Assert.Contains("400×300 is 120000 pixels; expected at most 119999", e.Message);
    }

    [Fact]
    public void MaxPixels_BelowOne_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageLimits { MaxPixels = 0 });
}
