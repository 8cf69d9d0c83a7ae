using System.Numerics;

namespace Microsoft.ML;

/// <summary>The parts of MurmurHash3, 32 bits (Appleby), that seeds and samples are made with.</summary>
internal static class Murmur
{
    public static uint Round(uint hash, uint chunk)
    {
        chunk = BitOperations.RotateLeft(chunk * 0xCC9E2D51, 15) * 0x1B873593;
        return (BitOperations.RotateLeft(hash ^ chunk, 13) * 5) + 0xE6546B64;
    }

    public static uint Round(uint hash, ulong chunk) => Round(Round(hash, (uint)chunk), (uint)(chunk >> 32));

    /// <summary>Ends a hash over so many bytes.</summary>
    public static uint Finish(uint hash, int bytes)
    {
        hash ^= (uint)bytes;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }

    /// <summary>
    /// Over the bytes of the text's UTF-8 form, surrogates one by one. As in the real library, the bytes of a character
    /// beyond ASCII are brought into order together with those that wait before it, which garbles them; so do the same.
    /// </summary>
    public static uint OfText(uint seed, ReadOnlySpan<char> text)
    {
        var hash = seed;
        ulong waiting = 0;
        var bits = 0;
        var bytes = 0;
        foreach (var character in text)
        {
            ulong code = character;
            if (code < 0x80)
            {
                waiting |= code << bits;
                bits += 8;
            }
            else if (code < 0x800)
            {
                waiting |= (0xC080 | ((code >> 6) << 8) | (code & 0x3F)) << bits;
                waiting = ((waiting & 0xFF) << 8) | (waiting >> 8);
                bits += 16;
            }
            else
            {
                waiting |= (0xE08080 | ((code >> 12) << 16) | (((code >> 6) & 0x3F) << 8) | (code & 0x3F)) << bits;
                waiting = ((waiting & 0xFF) << 16) | (((waiting >> 8) & 0xFF) << 8) | (waiting >> 16);
                bits += 24;
            }

            if (bits < 32)
                continue;
            hash = Round(hash, (uint)waiting);
            waiting >>= 32;
            bits -= 32;
            bytes += 4;
        }

        bytes += bits / 8;
        if (bytes % 4 != 0)
        {
            // The last bytes are mixed in without the rest of a round.
            var last = (uint)waiting & ((1u << (bytes % 4 * 8)) - 1);
            hash ^= BitOperations.RotateLeft(last * 0xCC9E2D51, 15) * 0x1B873593;
        }

        return Finish(hash, bytes);
    }
}
