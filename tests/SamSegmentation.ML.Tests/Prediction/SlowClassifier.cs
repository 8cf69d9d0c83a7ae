using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Tests.Prediction;

/// <summary>What the classifier computes, written out pixel by pixel in double precision.</summary>
internal sealed class SlowClassifier(float[] logits, int classes, int cells, ImageGeometry geometry)
{
    /// <summary>The logit of a class at a pixel of the image: bilinear between the centres of the content's cells.</summary>
    public double Logit(int id, int y, int x)
    {
        var (top, bottom, down) = Neighbours(y, geometry.OriginalHeight, geometry.ContentHeightFraction);
        var (left, right, across) = Neighbours(x, geometry.OriginalWidth, geometry.ContentWidthFraction);
        double At(int row, int column) => logits[(id * cells + row) * cells + column];
        return (1 - down) * ((1 - across) * At(top, left) + across * At(top, right))
            + down * ((1 - across) * At(bottom, left) + across * At(bottom, right));
    }

    /// <summary>The probabilities of all classes at a pixel.</summary>
    public double[] Probabilities(int y, int x)
    {
        double[] all = [.. Enumerable.Range(0, classes).Select(id => Logit(id, y, x))];
        var exponentials = all.Select(logit => Math.Exp(logit - all.Max())).ToArray();
        return [.. exponentials.Select(value => value / exponentials.Sum())];
    }

    /// <summary>How far a class's logit is from the highest one at a pixel; 0 for the highest.</summary>
    public double Lag(int id, int y, int x) => Enumerable.Range(0, classes).Max(other => Logit(other, y, x)) - Logit(id, y, x);

    private (int Near, int Far, double Share) Neighbours(int i, int pixels, double fraction)
    {
        var centre = Math.Max(0, (i + 0.5) * cells * fraction / pixels - 0.5);
        var near = Math.Min((int)Math.Floor(centre), cells - 1);
        return (near, Math.Min(near + 1, cells - 1), centre - near);
    }
}
