namespace SamSegmentation.ML.Tests.Imaging;

/// <summary>Lays the markers of a JPEG out, for tests of what is read before decoding.</summary>
public sealed class JpegBuilder
{
    private readonly List<byte> _bytes = [0xFF, 0xD8];

    public static byte[] Photo(int height, int width) =>
        new JpegBuilder().Segment(0xE0, new byte[14]).Frame(0xC0, height, width).Scan(1, 2, 3).End().Build();

    public JpegBuilder Segment(byte marker, params byte[] data)
    {
        int length = data.Length + 2;
        _bytes.AddRange([0xFF, marker, (byte)(length >> 8), (byte)length, .. data]);
        return this;
    }

    public JpegBuilder Frame(byte marker, int height, int width) =>
        Segment(marker, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0);

    public JpegBuilder Scan(params byte[] coded) => Segment(0xDA, 1, 1, 0, 0, 63, 0).Raw(coded);

    public JpegBuilder End() => Raw(0xFF, 0xD9);

    public JpegBuilder Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public byte[] Build() => [.. _bytes];
}
