namespace SamSegmentation.ML.Training.Augmentation;

/// <summary>
/// Changes an image's colours as torchvision's <c>ColorJitter</c> changes a tensor of bytes: in float32, with what comes
/// out of each change cut to 0..255 and its fraction dropped.
/// </summary>
internal static class ColorJitter
{
    private const int Changes = 4;

    // Pixels of a piece that one thread takes, where each pixel is changed by itself.
    private const int Piece = 1 << 16;

    /// <summary>Changes colours in place.</summary>
    /// <param name="pixels">Red, green and blue, a byte each.</param>
    /// <param name="draw">What happens.</param>
    public static void Apply(byte[] pixels, ColorDraw draw)
    {
        foreach (var change in OrderOf(draw.Order))
        {
            switch (change)
            {
                case 0 when draw.Brightness != 1:
                    MixWith(0, pixels, draw.Brightness);
                    break;
                case 1 when draw.Contrast != 1:
                    MixWith(MeanLuma(pixels), pixels, draw.Contrast);
                    break;
                case 2 when draw.Saturation != 1:
                    InPieces(pixels, piece => Saturate(piece, draw.Saturation));
                    break;
                case 3 when draw.Hue != 0:
                    InPieces(pixels, piece => HueTurn.Apply(piece, (float)draw.Hue));
                    break;
            }
        }
    }

    /// <summary>The changes in one of their 24 orders: its digits to the bases 4, 3 and 2 pick from those that are left.</summary>
    public static int[] OrderOf(int order)
    {
        var left = Enumerable.Range(0, Changes).ToList();
        var changes = new int[Changes];
        for (var i = 0; i < Changes; i++)
        {
            (order, var digit) = Math.DivRem(order, left.Count);
            changes[i] = left[digit];
            left.RemoveAt(digit);
        }
        return changes;
    }

    // What every value becomes, once.
    private static void MixWith(float other, Span<byte> pixels, double factor)
    {
        var (own, rest) = ((float)factor, (float)(1 - factor) * other);
        Span<byte> table = stackalloc byte[256];
        for (var value = 0; value < table.Length; value++)
            table[value] = Cut(own * value + rest);
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = table[pixels[i]];
    }

    private static void Saturate(Span<byte> pixels, double factor)
    {
        var (own, grey) = ((float)factor, (float)(1 - factor));
        for (var i = 0; i < pixels.Length; i += 3)
        {
            var pixel = pixels.Slice(i, 3);
            var luma = grey * Luma(pixel);
            pixel[0] = Cut(own * pixel[0] + luma);
            pixel[1] = Cut(own * pixel[1] + luma);
            pixel[2] = Cut(own * pixel[2] + luma);
        }
    }

    private static void InPieces(byte[] pixels, Action<Span<byte>> change)
    {
        var bytes = 3 * Piece;
        var pieces = (pixels.Length + bytes - 1) / bytes;
        if (pieces == 1)
            change(pixels);
        else
            Parallel.For(0, pieces, i => change(pixels.AsSpan(i * bytes, Math.Min(bytes, pixels.Length - i * bytes))));
    }

    private static float MeanLuma(ReadOnlySpan<byte> pixels)
    {
        var sum = 0L;
        for (var i = 0; i < pixels.Length; i += 3)
            sum += Luma(pixels.Slice(i, 3));
        return (float)(sum / (pixels.Length / 3.0));
    }

    private static byte Luma(ReadOnlySpan<byte> pixel) => (byte)(0.2989f * pixel[0] + 0.587f * pixel[1] + 0.114f * pixel[2]);

    private static byte Cut(float value) => (byte)Math.Min(Math.Max(value, 0), 255);
}
