using System.Text.Json;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Prediction;
using TorchSharp;

namespace SamSegmentation.Cli.Prediction;

/// <summary>
/// Writes an image's probabilities as safetensors: the tensor <c>probabilities</c>, float32 [classes, height, width],
/// and the classes' names as a JSON array in the metadata <c>classes</c>.
/// </summary>
internal static class ProbabilitiesFile
{
    /// <summary>Writes the file <c>probabilities/ID.safetensors</c> in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="id">The image's id.</param>
    /// <param name="prediction">A prediction with probabilities.</param>
    /// <param name="classNames">The classes' names.</param>
    public static void Write(string folder, string id, SegmentationPrediction prediction, IReadOnlyList<string> classNames)
    {
        using var scope = torch.NewDisposeScope();
        var probabilities = torch.tensor(prediction.Probabilities!, [classNames.Count, prediction.Labels.Height, prediction.Labels.Width]);
        SafetensorsFile.Write(
            Path.Combine(folder, "probabilities", $"{id}.safetensors"),
            [new("probabilities", probabilities)],
            new Dictionary<string, string> { ["classes"] = JsonSerializer.Serialize(classNames) });
    }
}
