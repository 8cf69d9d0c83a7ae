using System.Globalization;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Reports.Pictures;

/// <summary>
/// A confusion matrix as a picture: a row a true class, a column a predicted one, each cell the darker the larger its share
/// of the true class's pixels. Rows of classes without pixels are grey.
/// </summary>
internal static class ConfusionPicture
{
    /// <summary>The most classes that are drawn; a cell is a pixel then.</summary>
    public const int MaxClasses = 1024;

    private const int LongestName = 20;
    private const int Gap = 4;

    private static readonly (byte R, byte G, byte B) s_ink = (40, 40, 40);
    private static readonly (byte R, byte G, byte B) s_white = (255, 255, 255);
    private static readonly (byte R, byte G, byte B) s_absent = (225, 225, 225);
    private static readonly (byte R, byte G, byte B) s_middle = (84, 140, 204);
    private static readonly (byte R, byte G, byte B) s_dark = (8, 38, 94);

    /// <summary>Draws the matrix; names and shares in percent are written where a cell has room for them.</summary>
    /// <param name="classNames">The names; at most <see cref="MaxClasses"/> classes.</param>
    /// <param name="counts">Pixels <c>[truth][prediction]</c>.</param>
    public static RgbImage Draw(IReadOnlyList<string> classNames, IReadOnlyList<IReadOnlyList<long>> counts)
    {
        var classes = classNames.Count;
        var cell = CellSide(classes);
        var scale = cell >= 40 ? 2 : 1;
        var line = PixelFont.Height * scale;
        var names = cell >= PixelFont.Height + 1 ? classNames.Select(name => PixelFont.Fit(name, LongestName)).ToArray() : null;
        var nameLength = names is null ? 0 : names.Max(name => name.Length) * PixelFont.Advance * scale + Gap;
        // A title, names, and the matrix, with room for the titles of a matrix that is smaller than they are.
        var start = Gap + line + Gap + nameLength;
        var side = start + Math.Max(cell * classes, "predicted".Length * PixelFont.Advance * scale) + Gap;
        var canvas = new PixelCanvas(side, side);
        canvas.Write("predicted", start, Gap, scale, s_ink);
        canvas.WriteUpwards("true", Gap, start + "true".Length * PixelFont.Advance * scale, scale, s_ink);
        for (var id = 0; id < classes; id++)
        {
            if (names is not null)
            {
                var middle = start + cell * id + (cell - line) / 2;
                canvas.Write(names[id], start - Gap - names[id].Length * PixelFont.Advance * scale, middle, scale, s_ink);
                canvas.WriteUpwards(names[id], middle, start - Gap, scale, s_ink);
            }
            DrawRow(canvas, counts[id], id, start, cell, scale);
        }
        return canvas.ToImage();
    }

    /// <summary>The colour of a share, 0 to 1: white, blue, dark blue.</summary>
    public static (byte R, byte G, byte B) ColorOf(double share) =>
        share < 0.5 ? Mix(s_white, s_middle, 2 * share) : Mix(s_middle, s_dark, 2 * share - 1);

    private static int CellSide(int classes) => classes switch
    {
        <= 12 => 44,
        <= 24 => 28,
        <= 80 => 12,
        <= 256 => 4,
        _ => 1,
    };

    private static void DrawRow(PixelCanvas canvas, IReadOnlyList<long> counts, int truth, int start, int cell, int scale)
    {
        var all = counts.Sum();
        for (var prediction = 0; prediction < counts.Count; prediction++)
        {
            var (left, top) = (start + cell * prediction, start + cell * truth);
            // A thin line between cells, where they are large enough.
            var filled = cell >= 8 ? cell - 1 : cell;
            if (all == 0)
            {
                canvas.Fill(left, top, filled, filled, s_absent);
                continue;
            }
            var share = (double)counts[prediction] / all;
            canvas.Fill(left, top, filled, filled, ColorOf(share));
            var percent = Math.Round(100 * share).ToString(CultureInfo.InvariantCulture);
            var length = (percent.Length * PixelFont.Advance - 1) * scale;
            if (percent != "0" && length < filled)
                canvas.Write(percent, left + (filled - length) / 2, top + (filled - (PixelFont.Height - 1) * scale) / 2, scale, share > 0.4 ? s_white : s_ink);
        }
    }

    private static (byte R, byte G, byte B) Mix((byte R, byte G, byte B) from, (byte R, byte G, byte B) to, double share)
    {
        return (Part(from.R, to.R), Part(from.G, to.G), Part(from.B, to.B));

        byte Part(byte a, byte b) => (byte)Math.Round(a + (b - a) * share);
    }
}
