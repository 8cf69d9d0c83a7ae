using static TorchSharp.torch;

namespace SamSegmentation.ML.Checkpoints.Storage;

/// <summary>A contiguous CPU tensor's memory as spans, cut where one span cannot reach (2 GiB).</summary>
internal static class TensorBytes
{
    private const long ChunkElements = 1 << 24;

    public delegate void ChunkAction(Span<byte> bytes, long byteOffset);

    /// <summary>Calls <paramref name="action"/> with each part of the tensor's memory, in order.</summary>
    public static void ForEachChunk(Tensor tensor, ChunkAction action)
    {
        using var scope = NewDisposeScope();
        var size = ElementSize.Of(tensor.dtype);
        var flat = tensor.view(-1);
        var count = flat.shape[0];
        for (var start = 0L; start < count; start += ChunkElements)
        {
            using var chunk = flat.narrow(0, start, Math.Min(ChunkElements, count - start));
            action(chunk.bytes, start * size);
        }
    }
}
