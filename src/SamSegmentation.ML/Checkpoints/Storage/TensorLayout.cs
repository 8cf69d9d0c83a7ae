using static TorchSharp.torch;

namespace SamSegmentation.ML.Checkpoints.Storage;

/// <summary>Checked arithmetic over shapes that a file states.</summary>
internal static class TensorLayout
{
    /// <summary>More dimensions than any network has; libtorch's own iterators end at 64.</summary>
    public const int MaxDimensions = 32;

    /// <summary>The bytes of a dense tensor.</summary>
    /// <exception cref="CheckpointFormatException">The shape is impossible.</exception>
    public static long ByteCount(CheckpointFile file, string place, IReadOnlyList<long> shape, ScalarType dtype)
    {
        if (shape.Count > MaxDimensions)
            throw file.Error(place, $"it has {shape.Count} dimensions; at most {MaxDimensions} are read.");
        // Strides are products of the sizes with 0 taken as 1, so these must fit too, even for an empty tensor.
        var (count, span) = (1L, (long)ElementSize.Of(dtype));
        foreach (var size in shape)
        {
            if (size < 0)
                throw file.Error(place, $"its shape [{string.Join(", ", shape)}] has a negative size.");
            count = size == 0 ? 0 : count;
            if (Math.BigMul(span, Math.Max(size, 1)) is var product && product > long.MaxValue)
                throw file.Error(place, $"its shape [{string.Join(", ", shape)}] overflows 64 bits.");
            span *= Math.Max(size, 1);
        }
        return count == 0 ? 0 : span;
    }
}
