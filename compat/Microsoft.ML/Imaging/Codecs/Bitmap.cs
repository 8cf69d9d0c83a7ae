namespace Microsoft.ML.Imaging.Codecs;

/// <summary>Four bytes per pixel, rows without padding, colours multiplied by alpha unless opaque.</summary>
internal sealed class Bitmap
{
    public Bitmap(int width, int height, bool bgra, bool opaque)
        : this(width, height, bgra, opaque, new byte[checked(width * height * 4)])
    {
    }

    public Bitmap(int width, int height, bool bgra, bool opaque, byte[] pixels)
    {
        Width = width;
        Height = height;
        IsBgra = bgra;
        IsOpaque = opaque;
        Pixels = pixels;
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Blue first; otherwise red first.</summary>
    public bool IsBgra { get; }

    /// <summary>The fourth byte means nothing.</summary>
    public bool IsOpaque { get; }

    public byte[] Pixels { get; }

    /// <summary>The pixels with their colours as they were before the multiplication by alpha.</summary>
    public byte[] Straight()
    {
        var straight = (byte[])Pixels.Clone();
        for (var i = 0; i < straight.Length; i += 4)
        {
            int alpha = straight[i + 3];
            if (IsOpaque)
                straight[i + 3] = 255;
            else if (alpha is not 255)
            {
                straight[i] = Divide(straight[i], alpha);
                straight[i + 1] = Divide(straight[i + 1], alpha);
                straight[i + 2] = Divide(straight[i + 2], alpha);
            }
        }

        return straight;
    }

    /// <summary>Multiplies straight colours by their alpha, in place.</summary>
    public void Premultiply()
    {
        for (var i = 0; i < Pixels.Length; i += 4)
        {
            int alpha = Pixels[i + 3];
            if (alpha == 255)
                continue;
            Pixels[i] = Multiply(Pixels[i], alpha);
            Pixels[i + 1] = Multiply(Pixels[i + 1], alpha);
            Pixels[i + 2] = Multiply(Pixels[i + 2], alpha);
        }
    }

    /// <summary><c>colour·alpha/255</c>, rounded.</summary>
    public static byte Multiply(int colour, int alpha)
    {
        var product = (colour * alpha) + 128;
        return (byte)((product + (product >> 8)) >> 8);
    }

    private static byte Divide(int colour, int alpha) =>
        alpha == 0 ? (byte)0 : (byte)Math.Min(255, ((colour * 255) + (alpha / 2)) / alpha);
}
