using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// The generator of all hosts: "hybrid Tausworthe" of GPU Gems 3, chapter 37 (Howes and Thomas): three Tausworthe
/// registers and a linear congruential one, xored. The numbers are those of the real library; like there, what
/// <see cref="Random"/> offers besides the members below does not come from the seed.
/// </summary>
internal sealed class HybridRandom : Random
{
    private const double UnitPerStep = 1.0 / (1L << 32);
    private const float SingleUnitPerStep = 1f / (1 << 23);

    private uint _first;
    private uint _second;
    private uint _third;
    private uint _congruential;

    /// <summary>Every register follows from the seed by one round of murmur hashing.</summary>
    public HybridRandom(uint seed)
    {
        _first = seed;
        _second = Murmur.Round(_first, seed);
        _third = Murmur.Round(_second, seed);
        _congruential = Murmur.Round(_third, seed);
    }

    /// <summary>Takes its state from another generator.</summary>
    public HybridRandom(Random source)
    {
        _first = RegisterFrom(source);
        _second = RegisterFrom(source);
        _third = RegisterFrom(source);
        _congruential = BitsFrom(source);
    }

    public override int Next()
    {
        var bits = NextBits();
        // 2³¹ and more lose the highest bit.
        return (int)(bits & int.MaxValue);
    }

    public override int Next(int maxValue)
    {
        Contracts.CheckParam(maxValue >= 0, nameof(maxValue), "maxValue must be non-negative");
        return (int)((NextBits() * (ulong)maxValue) >> 32);
    }

    public override int Next(int minValue, int maxValue)
    {
        Contracts.CheckParam(minValue <= maxValue, nameof(minValue), "minValue must be less than or equal to maxValue.");
        return (int)((long)(NextDouble() * ((long)maxValue - minValue)) + minValue);
    }

    public override double NextDouble() => NextBits() * UnitPerStep;

    public override void NextBytes(byte[] buffer)
    {
        Contracts.CheckValue(buffer, nameof(buffer));
        for (var i = 0; i < buffer.Length; i++)
            buffer[i] = (byte)Next();
    }

    /// <summary>From 0 to below 1, of 23 bits.</summary>
    public float NextFloat() => (NextBits() >> 9) * SingleUnitPerStep;

    public int NextSigned() => (int)NextBits();

    private static uint BitsFrom(Random source) => ((uint)source.Next(1 << 16) << 16) | (uint)source.Next(1 << 16);

    /// <summary>A Tausworthe register must not begin with small numbers.</summary>
    private static uint RegisterFrom(Random source)
    {
        uint bits;
        do
            bits = BitsFrom(source);
        while (bits < 128);
        return bits;
    }

    private static uint Step(uint state, int left, int right, int kept, uint mask) =>
        ((state & mask) << kept) ^ (((state << left) ^ state) >> right);

    private uint NextBits()
    {
        _first = Step(_first, 13, 19, 12, 0xFFFFFFFE);
        _second = Step(_second, 2, 25, 4, 0xFFFFFFF8);
        _third = Step(_third, 3, 11, 17, 0xFFFFFFF0);
        _congruential = unchecked((1664525 * _congruential) + 1013904223);
        return _first ^ _second ^ _third ^ _congruential;
    }
}
