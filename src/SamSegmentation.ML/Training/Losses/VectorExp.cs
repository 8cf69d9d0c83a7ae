using System.Numerics;
using System.Runtime.CompilerServices;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>exp of several numbers that are not above 0, as a softmax needs it.</summary>
internal static class VectorExp
{
    // Below this, exp is no normal number any more; it then counts for nothing beside the exp(0) of a softmax.
    private const float Least = -87f;

    private const float Log2E = 1.44269504f;

    // 1.5·2²³: added to a small number, it rounds it to an integer, which then stands in the lowest bits.
    private const float Rounder = 12582912f;

    private const int OneBits = 0x3F800000;
    private const int ExponentShift = 23;

    /// <summary>exp(x) for x ≤ 0, with a relative error below 3e-7; NaN stays NaN, less than −87 counts as that.</summary>
    /// <remarks>
    /// exp(x) = 2ⁿ·exp(r) with n the integer nearest to x/ln 2, ln 2 in two parts so that r is exact, and exp(r) by the
    /// polynomial of the Cephes library's expf (Moshier, 1989). <see cref="Vector.Exp(Vector{float})"/> computes in
    /// double precision, at more than twice the cost.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> OfNegative(Vector<float> x)
    {
        x = Vector.ConditionalSelect(Vector.LessThan(x, new Vector<float>(Least)), new Vector<float>(Least), x);
        var rounded = Vector.FusedMultiplyAdd(x, new Vector<float>(Log2E), new Vector<float>(Rounder));
        var n = rounded - new Vector<float>(Rounder);
        var r = Vector.FusedMultiplyAdd(n, new Vector<float>(-0.693359375f), x);
        r = Vector.FusedMultiplyAdd(n, new Vector<float>(2.12194440e-4f), r);
        var p = Vector.FusedMultiplyAdd(new Vector<float>(1.9875691500e-4f), r, new Vector<float>(1.3981999507e-3f));
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(8.3334519073e-3f));
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(4.1665795894e-2f));
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(1.6666665459e-1f));
        p = Vector.FusedMultiplyAdd(p, r, new Vector<float>(5.0000001201e-1f));
        p = Vector.FusedMultiplyAdd(p, r * r, r) + Vector<float>.One;
        var power = (Vector.AsVectorInt32(rounded) << ExponentShift) + new Vector<int>(OneBits);
        return p * Vector.AsVectorSingle(power);
    }
}
