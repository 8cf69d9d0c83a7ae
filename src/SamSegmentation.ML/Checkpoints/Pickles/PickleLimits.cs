namespace SamSegmentation.ML.Checkpoints.Pickles;

/// <summary>What a pickle may ask of the reader. SAM's largest checkpoint stays far below each.</summary>
internal static class PickleLimits
{
    /// <summary>Bytes of one pickle.</summary>
    public const long Bytes = 64L << 20;

    /// <summary>Instructions of one pickle; each makes at most one small object.</summary>
    public const int Instructions = 2_000_000;

    /// <summary>Bytes of one string.</summary>
    public const long StringBytes = 16L << 20;

    /// <summary>Characters of a global's module or name, of a device's name, of a storage's key.</summary>
    public const int NameLength = 256;

    /// <summary>Characters of a dictionary's key, which is hashed anew in each dictionary.</summary>
    public const int KeyLength = 1024;

    /// <summary>Dictionaries and lists within each other.</summary>
    public const int Depth = 32;

    /// <summary>
    /// Values that are met while walking the result. One object can be met often, and each takes a byte of the pickle
    /// at least, so there may be no more than bytes either.
    /// </summary>
    public static long Values(long pickleBytes) => Math.Min(pickleBytes, 1_000_000);

    /// <summary>
    /// Characters of all names together, and of texts beside the tensors. A name repeats those of the dictionaries
    /// around it, so it can be some times longer than what the pickle holds of it.
    /// </summary>
    public static long TextLength(long pickleBytes) => Math.Min((64 << 10) + 32 * pickleBytes, 64L << 20);
}
