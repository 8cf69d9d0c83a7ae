using SamSegmentation.ML.Checkpoints;

namespace SamSegmentation.Cli.Inspection;

/// <summary>The tensors of one part of a network.</summary>
/// <param name="Part">The beginning of their names, such as <c>mask_decoder.transformer</c>.</param>
/// <param name="Tensors">Them, in the file's order.</param>
internal sealed record TensorGroup(string Part, IReadOnlyList<CheckpointEntry> Tensors)
{
    private const int ShapesShown = 4;

    /// <summary>All values of all tensors.</summary>
    public long Parameters => Tensors.Sum(CountOf);

    /// <summary>The distinct number formats.</summary>
    public IReadOnlyList<string> DTypes { get; } = [.. Tensors.Select(tensor => NameOf(tensor)).Distinct()];

    /// <summary>The distinct shapes, such as <c>768×3×16×16</c>, the most frequent first.</summary>
    public IReadOnlyList<string> Shapes { get; } =
        [.. Tensors.Select(ShapeOf).GroupBy(shape => shape).OrderByDescending(same => same.Count()).Select(same => same.Key)];

    /// <summary>The first few of <see cref="Shapes"/>, for a table.</summary>
    public string ShapeSummary =>
        string.Join(' ', Shapes.Take(ShapesShown)) + (Shapes.Count > ShapesShown ? $" and {Shapes.Count - ShapesShown} more" : "");

    /// <summary>Groups a checkpoint's tensors by the network's parts, in the file's order.</summary>
    /// <param name="tensors">The tensors.</param>
    public static IReadOnlyList<TensorGroup> Of(IEnumerable<CheckpointEntry> tensors) =>
        [.. tensors.GroupBy(tensor => PartOf(tensor.Name)).Select(part => new TensorGroup(part.Key, [.. part]))];

    /// <summary>A tensor's number of values.</summary>
    /// <param name="tensor">The tensor.</param>
    public static long CountOf(CheckpointEntry tensor) => tensor.Shape.Aggregate(1L, (product, side) => product * side);

    /// <summary>A tensor's shape as people write it.</summary>
    /// <param name="tensor">The tensor.</param>
    public static string ShapeOf(CheckpointEntry tensor) => tensor.Shape.Count == 0 ? "scalar" : string.Join('×', tensor.Shape);

    /// <summary>A tensor's number format in PyTorch's words.</summary>
    /// <param name="tensor">The tensor.</param>
    public static string NameOf(CheckpointEntry tensor) => tensor.DType.ToString().ToLowerInvariant() switch
    {
        "byte" => "uint8",
        var name => name,
    };

    // image_encoder.blocks, mask_decoder.iou_token, …; one name more below a wrapper such as ori_sam.
    private static string PartOf(string name)
    {
        var names = name.Split('.');
        var depth = names[0] switch
        {
            "image_encoder" or "prompt_encoder" or "mask_decoder" or "semantic_head" => 2,
            "adapters" => 1,
            _ => 3,
        };
        return string.Join('.', names.Take(Math.Clamp(names.Length - 1, 1, depth)));
    }
}
