using SamSegmentation.Cli.Configuration;
using SamSegmentation.ML.Training.Losses;

namespace SamSegmentation.Cli.Settings.Knobs;

/// <summary>A weighted sum of losses, written as a formula.</summary>
internal static class LossKind
{
    private const string Expected = "a sum of losses such as 0.5*cross_entropy+0.5*dice";

    /// <summary>The kind.</summary>
    public static ValueKind<LossOptions> Formula { get; } = new(Expected, "FORMULA", CommandLineForm.Single, Read, loss => loss.ToString());

    private static bool Read(ConfigNode node, string key, List<ConfigProblem> problems, out LossOptions value)
    {
        value = LossOptions.Default;
        try
        {
            value = LossOptions.Parse((node as ConfigNode.Scalar)?.Text ?? "");
            return true;
        }
        catch (FormatException bad)
        {
            problems.Add(new ConfigProblem(node.Place, key, $"expected {Expected}, found {node.Found}: {bad.Message}"));
            return false;
        }
    }
}
