using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling.Memory;

/// <summary>A device that has room for so many images at once: with more of them the allocator's own error comes.</summary>
internal sealed class SmallDevice(int images)
{
    private readonly List<int> _seen = [];

    /// <summary>The numbers of images that went through at once, or tried to.</summary>
    public IReadOnlyList<int> Seen => _seen;

    /// <summary>Lets a network run there.</summary>
    public Func<Tensor, Tensor> Run(Func<Tensor, Tensor> network) => input =>
    {
        var count = (int)input.shape[0];
        lock (_seen)
            _seen.Add(count);
        var output = network(input);
        // After the work, so that something is left to be freed.
        if (count > images)
            RunOut();
        return output;
    };

    /// <summary>Asks for more memory than there is.</summary>
    public static void RunOut() => empty([1L << 55], dtype: ScalarType.Byte);
}
