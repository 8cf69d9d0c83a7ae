using System.Globalization;
using System.Text;

namespace SamSegmentation.ML.Evaluation;

/// <summary>Lays a confusion matrix out as aligned text.</summary>
internal static class ConfusionTable
{
    internal static string Render(SegmentationMetrics metrics)
    {
        int classes = metrics.ClassNames.Count;
        int idWidth = (classes - 1).ToString(CultureInfo.InvariantCulture).Length;
        int nameWidth = Math.Max("true class".Length, metrics.ClassNames.Max(name => name.Length));
        // "100.0" is the widest share.
        int width = Math.Max(5, idWidth);

        var text = new StringBuilder();
        text.Append("id".PadLeft(Math.Max(2, idWidth))).Append("  ").Append("true class".PadRight(nameWidth));
        for (int id = 0; id < classes; id++)
            text.Append("  ").Append(Number(id).PadLeft(width));
        text.Append('\n');
        for (int truth = 0; truth < classes; truth++)
        {
            text.Append(Number(truth).PadLeft(Math.Max(2, idWidth))).Append("  ").Append(metrics.ClassNames[truth].PadRight(nameWidth));
            for (int prediction = 0; prediction < classes; prediction++)
                text.Append("  ").Append(Share(metrics.ConfusionMatrix[truth][prediction], metrics.PerClassPixels[truth]).PadLeft(width));
            text.Append('\n');
        }
        return text.ToString();
    }

    private static string Number(int id) => id.ToString(CultureInfo.InvariantCulture);

    private static string Share(long part, long all) =>
        all == 0 ? "-" : part == 0 ? "." : (100.0 * part / all).ToString("F1", CultureInfo.InvariantCulture);
}
