using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SamSegmentation.ML.Imaging;

/// <summary>
/// Antialiased bilinear resizing as Pillow's <c>Image.resize(…, BILINEAR)</c> does it on 8-bit images, equal byte for
/// byte: SAM's weights were trained on photographs resized that way.
/// </summary>
public static class PillowResize
{
    // Under this many output bytes, handing rows to other threads costs more than it saves.
    private const int ParallelThreshold = 1 << 18;

    /// <summary>Resizes an image: columns first, rounded to bytes, then rows.</summary>
    /// <param name="image">The image.</param>
    /// <param name="height">New height, at least 1.</param>
    /// <param name="width">New width, at least 1.</param>
    /// <returns>A new image, or the same one when it has that size already.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1.</exception>
    public static RgbImage Bilinear(RgbImage image, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        byte[] pixels = image.Pixels;
        if (width != image.Width)
        {
            pixels = ResizeColumns(pixels, image.Width, new ResizeAxis(image.Width, width));
        }

        if (height != image.Height)
        {
            pixels = ResizeRows(pixels, 3 * width, new ResizeAxis(image.Height, height), 0);
        }

        return ReferenceEquals(pixels, image.Pixels) ? image : new RgbImage(height, width, pixels);
    }

    /// <summary>A part of what <see cref="Bilinear"/> gives, the same byte for byte, without the rest being computed.</summary>
    /// <param name="image">The image.</param>
    /// <param name="height">Height of the whole resized image.</param>
    /// <param name="width">Its width.</param>
    /// <param name="top">The part's first row in it.</param>
    /// <param name="left">The part's first column in it.</param>
    /// <param name="rows">The part's height, at least 1.</param>
    /// <param name="columns">The part's width, at least 1.</param>
    /// <returns>A new image.</returns>
    internal static RgbImage BilinearWindow(RgbImage image, int height, int width, int top, int left, int rows, int columns)
    {
        ResizeAxis down = new(image.Height, height, top, rows);
        ResizeAxis across = new(image.Width, width, left, columns);
        int first = down.First[0];
        int needed = down.First[^1] + down.Counts[^1] - first;
        byte[] pixels = ResizeColumns(image.Pixels.AsMemory(3 * first * image.Width, 3 * needed * image.Width), image.Width, across);
        return new RgbImage(rows, columns, ResizeRows(pixels, 3 * columns, down, first));
    }

    private static byte[] ResizeColumns(ReadOnlyMemory<byte> source, int width, ResizeAxis axis)
    {
        int height = source.Length / (3 * width);
        int newWidth = axis.First.Length;
        byte[] target = new byte[checked(3 * height * newWidth)];
        ForEachRow(height, 3 * newWidth, y =>
            ResizeColumns(source.Span.Slice(3 * y * width, 3 * width), target.AsSpan(3 * y * newWidth, 3 * newWidth), axis));
        return target;
    }

    private static void ResizeColumns(ReadOnlySpan<byte> source, Span<byte> target, ResizeAxis axis)
    {
        for (int i = 0; i < axis.First.Length; i++)
        {
            int first = axis.First[i];
            ReadOnlySpan<int> weights = axis.Weights.AsSpan(i * axis.Stride, axis.Counts[i]);
            Vector128<int> sum = Vector128.Create(ResizeAxis.Half);
            for (int x = 0; x < weights.Length; x++)
            {
                sum += ReadPixel(source, 3 * (first + x)) * weights[x];
            }

            Vector128<int> pixel = Vector128.Min(sum >> ResizeAxis.FractionBits, Vector128.Create(255));
            target[3 * i] = (byte)pixel.GetElement(0);
            target[(3 * i) + 1] = (byte)pixel.GetElement(1);
            target[(3 * i) + 2] = (byte)pixel.GetElement(2);
        }
    }

    // Red, green, blue and one number more that nobody looks at.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> ReadPixel(ReadOnlySpan<byte> row, int at)
    {
        if (at + 4 > row.Length) // the row's last pixel has no fourth byte
        {
            return Vector128.Create(row[at], row[at + 1], row[at + 2], 0);
        }

        uint bytes = MemoryMarshal.Read<uint>(row[at..]);
        Vector128<ushort> wide = Vector128.WidenLower(Vector128.CreateScalar(bytes).AsByte());
        return Vector128.WidenLower(wide).AsInt32();
    }

    // The source begins with the axis's input of number firstRow.
    private static byte[] ResizeRows(byte[] source, int rowBytes, ResizeAxis axis, int firstRow)
    {
        int newHeight = axis.First.Length;
        byte[] target = new byte[checked(newHeight * rowBytes)];
        ForEachRow(newHeight, rowBytes, y =>
            MixRows(
                source.AsSpan((axis.First[y] - firstRow) * rowBytes, axis.Counts[y] * rowBytes),
                target.AsSpan(y * rowBytes, rowBytes),
                axis.Weights.AsSpan(y * axis.Stride, axis.Counts[y])));
        return target;
    }

    private static void MixRows(ReadOnlySpan<byte> rows, Span<byte> target, ReadOnlySpan<int> weights)
    {
        int x = 0;
        for (; x <= target.Length - Vector128<byte>.Count; x += Vector128<byte>.Count)
        {
            Vector128<int> a = Vector128.Create(ResizeAxis.Half), b = a, c = a, d = a;
            for (int row = 0; row < weights.Length; row++)
            {
                Vector128<byte> bytes = Vector128.Create(rows.Slice((row * target.Length) + x, Vector128<byte>.Count));
                (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(bytes);
                (Vector128<uint> p, Vector128<uint> q) = Vector128.Widen(low);
                (Vector128<uint> r, Vector128<uint> s) = Vector128.Widen(high);
                int weight = weights[row];
                a += p.AsInt32() * weight;
                b += q.AsInt32() * weight;
                c += r.AsInt32() * weight;
                d += s.AsInt32() * weight;
            }

            Vector128<ushort> narrowLow = Vector128.Narrow(ToSample(a), ToSample(b));
            Vector128<ushort> narrowHigh = Vector128.Narrow(ToSample(c), ToSample(d));
            Vector128.Narrow(narrowLow, narrowHigh).CopyTo(target.Slice(x, Vector128<byte>.Count));
        }

        for (; x < target.Length; x++)
        {
            int sum = ResizeAxis.Half;
            for (int row = 0; row < weights.Length; row++)
            {
                sum += rows[(row * target.Length) + x] * weights[row];
            }

            target[x] = (byte)Math.Min(sum >> ResizeAxis.FractionBits, 255);
        }
    }

    // Weights are at least 0, so a sum is never negative; rounded weights may add up to a little more than 1.
    private static Vector128<uint> ToSample(Vector128<int> sum) =>
        Vector128.Min(sum >> ResizeAxis.FractionBits, Vector128.Create(255)).AsUInt32();

    private static void ForEachRow(int rows, int rowBytes, Action<int> action)
    {
        if ((long)rows * rowBytes < ParallelThreshold)
        {
            for (int row = 0; row < rows; row++)
            {
                action(row);
            }
        }
        else
        {
            Parallel.For(0, rows, action);
        }
    }
}
