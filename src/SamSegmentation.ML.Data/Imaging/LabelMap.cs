namespace SamSegmentation.ML.Imaging;

/// <summary>The class id of every pixel of an image.</summary>
public sealed class LabelMap
{
    /// <summary>Creates a map of zeros (background).</summary>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1.</exception>
    public LabelMap(int height, int width)
        : this(height, width, new ushort[Area(height, width)])
    {
    }

    /// <summary>Creates a map over an array, which is kept and not copied.</summary>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="ids">Height × width class ids, row by row from the top left.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1.</exception>
    /// <exception cref="ArgumentException">The array is not of height × width elements.</exception>
    public LabelMap(int height, int width, ushort[] ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        int area = Area(height, width);
        if (ids.Length != area)
        {
            throw new ArgumentException($"A {width}×{height} label map takes {area} ids, not {ids.Length}.", nameof(ids));
        }

        Height = height;
        Width = width;
        Ids = ids;
    }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>The class ids, height × width, row by row from the top left. 255 is the usual id of void.</summary>
    public ushort[] Ids { get; }

    /// <summary>The class id of one pixel.</summary>
    /// <param name="y">Row, 0 at the top.</param>
    /// <param name="x">Column, 0 at the left.</param>
    /// <exception cref="ArgumentOutOfRangeException">The pixel is outside the map.</exception>
    public ushort this[int y, int x]
    {
        get => Ids[Index(y, x)];
        set => Ids[Index(y, x)] = value;
    }

    /// <summary>
    /// The map at another size by nearest neighbour: source = ⌊(i + ½) · in / out⌋ on each axis, as Pillow.
    /// Class ids are never interpolated.
    /// </summary>
    /// <param name="height">New height, at least 1.</param>
    /// <param name="width">New width, at least 1.</param>
    /// <returns>A new map.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1.</exception>
    public LabelMap ResizeNearest(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        return ResizeNearestWindow(height, width, 0, 0, height, width);
    }

    /// <summary>A part of what <see cref="ResizeNearest"/> gives, without the rest being computed.</summary>
    /// <param name="height">Height of the whole resized map.</param>
    /// <param name="width">Its width.</param>
    /// <param name="top">The part's first row in it.</param>
    /// <param name="left">The part's first column in it.</param>
    /// <param name="rows">The part's height, at least 1.</param>
    /// <param name="columns">The part's width, at least 1.</param>
    /// <returns>A new map.</returns>
    internal LabelMap ResizeNearestWindow(int height, int width, int top, int left, int rows, int columns)
    {
        LabelMap resized = new(rows, columns);
        int[] sourceColumns = NearestSources(Width, width, left, columns);
        int[] sourceRows = NearestSources(Height, height, top, rows);
        for (int y = 0; y < rows; y++)
        {
            ReadOnlySpan<ushort> source = Ids.AsSpan(sourceRows[y] * Width, Width);
            Span<ushort> target = resized.Ids.AsSpan(y * columns, columns);
            for (int x = 0; x < target.Length; x++)
            {
                target[x] = source[sourceColumns[x]];
            }
        }

        return resized;
    }

    // (2i + 1) · in / (2 · out) in integers is the formula above without rounding errors.
    private static int[] NearestSources(int inputs, int outputs, int start, int length)
    {
        int[] sources = new int[length];
        for (int i = 0; i < length; i++)
        {
            sources[i] = (int)(((2L * (start + i)) + 1) * inputs / (2L * outputs));
        }

        return sources;
    }

    private static int Area(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        return checked(height * width);
    }

    private int Index(int y, int x)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, Height);
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(x, Width);
        return (y * Width) + x;
    }
}
