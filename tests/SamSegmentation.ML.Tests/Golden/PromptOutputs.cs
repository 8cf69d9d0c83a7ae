using SamSegmentation.ML.Modeling;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Golden;

/// <summary>What SAM's promptable decoder computes on the first image of a case.</summary>
internal static class PromptOutputs
{
    private const string Prefix = "prompt.";

    /// <summary>Computes the masks and IoUs that the case states, for example <c>prompt.points_box_mask.iou.single</c>.</summary>
    public static Dictionary<string, Tensor> Compute(GoldenCase golden, Tensor embeddings)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var sam = new Sam(golden.Config);
        GoldenWeights.Fill(sam);
        var embedding = embeddings.narrow(0, 0, 1);

        var outputs = new Dictionary<string, Tensor>();
        var sets = golden.Quantities.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name.Split('.')[1]).Distinct();
        foreach (var set in sets)
        {
            var given = set.Split('_');
            var points = given.Contains("points") ? golden.Read("prompt.points") : null;
            var box = given.Contains("box") ? golden.Read("prompt.box") : null;
            var mask = given.Contains("mask") ? golden.Read("prompt.mask") : null;
            foreach (var multimask in new[] { true, false })
            {
                var kind = multimask ? "multi" : "single";
                (outputs[$"{Prefix}{set}.masks.{kind}"], outputs[$"{Prefix}{set}.iou.{kind}"]) =
                    sam.predict(embedding, points is null ? null : (points, Labels(points)), box, mask, multimask);
            }
        }
        return outputs.ToDictionary(pair => pair.Key, pair => pair.Value.MoveToOuterDisposeScope());
    }

    // A foreground point, then a background point.
    private static Tensor Labels(Tensor points)
    {
        var count = points.shape[1];
        return tensor(Enumerable.Range(0, (int)count).Select(i => i % 2 == 0 ? 1f : 0f).ToArray(), [1, count]).expand(points.shape[0], count);
    }
}
