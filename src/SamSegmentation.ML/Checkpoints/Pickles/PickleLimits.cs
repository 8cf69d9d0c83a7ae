namespace SamSegmentation.ML.Checkpoints.Pickles;

/// <summary>What a pickle may ask of the reader. SAM's largest checkpoint stays below a hundredth of each.</summary>
internal static class PickleLimits
{
    /// <summary>Bytes of one pickle.</summary>
    public const long Bytes = 64L << 20;

    /// <summary>Instructions of one pickle; each makes at most one small object.</summary>
    public const int Instructions = 2_000_000;

    /// <summary>Bytes of one string.</summary>
    public const long StringBytes = 16L << 20;

    /// <summary>Bytes of a global's module or name.</summary>
    public const int GlobalBytes = 256;

    /// <summary>Dictionaries and lists within each other.</summary>
    public const int Depth = 32;

    /// <summary>Values that are met while walking the result; one object can be met often.</summary>
    public const int Values = 1_000_000;

    /// <summary>Characters of all names together, and of texts beside the tensors.</summary>
    public const long TextLength = 64L << 20;
}
