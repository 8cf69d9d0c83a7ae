namespace SamSegmentation.Demo.Scenes;

/// <summary>
/// Random numbers by splitmix64 (Steele, Lea and Flood, 2014): a seed gives the same scenes with every version of .NET.
/// </summary>
public sealed class SceneRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Mixes numbers into one; neighbouring inputs give unrelated outputs.</summary>
    public static ulong Mix(ulong a, ulong b = 0, ulong c = 0) =>
        Finish(Finish(Finish(a + 0x9E3779B97F4A7C15) ^ b) ^ c);

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        _state = unchecked(_state + 0x9E3779B97F4A7C15);
        return Finish(_state);
    }

    /// <summary>A number in 0..1, 1 excluded.</summary>
    public double Next() => (NextBits() >> 11) * (1.0 / (1L << 53));

    /// <summary>A number in a range.</summary>
    public double Next(double least, double most) => least + (most - least) * Next();

    /// <summary>An integer in a range, both ends included.</summary>
    public int NextInteger(int least, int most) => least + (int)(Next() * (most - least + 1));

    public bool Chance(double probability) => Next() < probability;

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[NextInteger(0, choices.Length - 1)];

    /// <summary>A number of the normal distribution, by Box and Muller.</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - Next())) * Math.Cos(2 * Math.PI * Next());

    private static ulong Finish(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
