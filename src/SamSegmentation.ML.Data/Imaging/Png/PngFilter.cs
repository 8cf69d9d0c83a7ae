using System.Numerics;

namespace SamSegmentation.ML.Imaging.Png;

/// <summary>The five filters that a PNG's rows may be stored with (PNG specification, section 9.2).</summary>
internal static class PngFilter
{
    public const byte None = 0;
    public const byte Sub = 1;
    public const byte Up = 2;
    public const byte Average = 3;
    public const byte Paeth = 4;

    /// <summary>Turns a stored row into samples, in place.</summary>
    /// <param name="filter">The row's filter, 0 to 4.</param>
    /// <param name="row">The row, without its filter byte.</param>
    /// <param name="above">The finished row above, of the same length; zeros for a pass's first row.</param>
    /// <param name="pixelBytes">How many bytes back the pixel to the left is: at least 1.</param>
    public static void Undo(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int pixelBytes)
    {
        switch (filter)
        {
            case Sub:
                for (int i = pixelBytes; i < row.Length; i++)
                {
                    row[i] += row[i - pixelBytes];
                }

                break;
            case Up:
                AddAbove(row, above);
                break;
            case Average:
                for (int i = 0; i < row.Length; i++)
                {
                    int left = i < pixelBytes ? 0 : row[i - pixelBytes];
                    row[i] += (byte)((left + above[i]) >> 1);
                }

                break;
            case Paeth:
                for (int i = 0; i < pixelBytes && i < row.Length; i++)
                {
                    row[i] += above[i]; // nothing to the left: the predictor is the pixel above
                }

                for (int i = pixelBytes; i < row.Length; i++)
                {
                    row[i] += Predict(row[i - pixelBytes], above[i], above[i - pixelBytes]);
                }

                break;
        }
    }

    /// <summary>Filters a row by <see cref="Paeth"/> for writing.</summary>
    public static void ApplyPaeth(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> filtered, int pixelBytes)
    {
        for (int i = 0; i < row.Length; i++)
        {
            filtered[i] = (byte)(row[i] - (i < pixelBytes ? above[i] : Predict(row[i - pixelBytes], above[i], above[i - pixelBytes])));
        }
    }

    private static void AddAbove(Span<byte> row, ReadOnlySpan<byte> above)
    {
        int i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Span<byte> part = row.Slice(i, Vector<byte>.Count);
            (new Vector<byte>(part) + new Vector<byte>(above.Slice(i, Vector<byte>.Count))).CopyTo(part);
        }

        for (; i < row.Length; i++)
        {
            row[i] += above[i];
        }
    }

    // Of left, above and above-left, the one nearest to left + above − above-left; the first of them on a tie.
    private static byte Predict(byte left, byte above, byte aboveLeft)
    {
        int toLeft = Math.Abs(above - aboveLeft);
        int toAbove = Math.Abs(left - aboveLeft);
        int toAboveLeft = Math.Abs(left + above - (2 * aboveLeft));
        return toLeft <= toAbove && toLeft <= toAboveLeft ? left : toAbove <= toAboveLeft ? above : aboveLeft;
    }
}
