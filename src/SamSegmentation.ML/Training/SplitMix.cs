namespace SamSegmentation.ML.Training;

/// <summary>
/// A generator of random numbers (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014), the
/// same on every machine and in every version of .NET.
/// </summary>
/// <param name="state">The seed.</param>
internal struct SplitMix(ulong state)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>A generator for some numbers, each of which changes everything that comes out.</summary>
    public static SplitMix Of(params ReadOnlySpan<long> numbers)
    {
        var random = new SplitMix(0);
        foreach (var number in numbers)
            random = new SplitMix(random.Next() ^ unchecked((ulong)number));
        return random;
    }

    public ulong Next()
    {
        var z = state = unchecked(state + Step);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }

    /// <summary>A whole number from 0 to <paramref name="count"/> − 1.</summary>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>A number from 0 to 1, 1 excluded.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1L << 53));
}
