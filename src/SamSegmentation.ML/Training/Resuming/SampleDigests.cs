using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SamSegmentation.ML.Training.Data;

namespace SamSegmentation.ML.Training.Resuming;

/// <summary>Tells whether a set has the samples that it had: of each, 64 bits of a hash over its id, image and label.</summary>
internal static class SampleDigests
{
    public static long[] Of(StoredSet? set) => set is null ? [] : [.. Enumerable.Range(0, set.Count).Select(i => Of(First(set, i)))];

    /// <summary>Says how a set differs from what it was; null when it does not.</summary>
    /// <param name="name">The set's name.</param>
    /// <param name="then">Its digests when the run began; empty when there was no such set.</param>
    /// <param name="now">The set.</param>
    public static string? Difference(string name, long[] then, StoredSet? now)
    {
        var found = Of(now);
        if (found.Length != then.Length)
            return $"{name}: {Count(then.Length)} then, {Count(found.Length)} now";
        var first = Enumerable.Range(0, found.Length).Where(i => found[i] != then[i]).Cast<int?>().FirstOrDefault();
        return first is { } place
            ? $"{name}: sample {place + 1} of {found.Length} is '{First(now!, place).Id}' now; it had another id, image or label then"
            : null;
    }

    // All of a sample's views follow from the first, which is the image itself, and from the options.
    private static StoredSample First(StoredSet set, int sample) => set[new PlannedSample(sample, 0)];

    private static string Count(int images) => images == 0 ? "none" : $"{images} images";

    private static long Of(StoredSample sample) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{sample.Id}\n{sample.Input}\n{sample.Label}")));
}
