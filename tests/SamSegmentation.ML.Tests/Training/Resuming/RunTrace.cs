using System.Text.Json.Nodes;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Tests.Checkpoints;
using SamSegmentation.ML.Tests.Training.Logging;
using SamSegmentation.ML.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Training.Resuming;

/// <summary>All that a run leaves: its result, its weights, its files, its log and its events.</summary>
internal sealed record RunTrace(TrainingResult Result, Dictionary<string, byte[]> Weights, string Folder)
{
    /// <summary>Runs a run in one go.</summary>
    public static RunTrace Whole(TrainingOptions options, Func<SemanticSam>? start = null)
    {
        using var model = (start ?? (() => TinyNetwork.Create()))();
        var result = TinyRun.Train(model, options, validation: TinyRun.ValidationSet);
        return new RunTrace(result, MiniNetwork.Bytes(model), options.RunFolder!);
    }

    /// <summary>Checks that another run came to exactly the same.</summary>
    public void AssertSame(RunTrace other)
    {
        Assert.False(other.Result.Cancelled);
        Assert.Equal((Result.Steps, Result.BestEpoch), (other.Result.Steps, other.Result.BestEpoch));
        Assert.Equal(Result.Epochs.Select(Describe), other.Result.Epochs.Select(Describe));
        Assert.Equal(Weights, other.Weights);
        foreach (var file in new[] { "best.safetensors", "last.safetensors", "model.safetensors" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(Folder, file)), File.ReadAllBytes(Path.Combine(other.Folder, file)));
        Assert.Equal(Log(Folder), Log(other.Folder));
        Assert.Equal(Events(Folder), Events(other.Folder));
    }

    /// <summary>The log's lines without their times and the places where the run went on; of the first, which names folders, that it is there.</summary>
    private static List<string> Log(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "log.jsonl"))
            .Select(line => JsonNode.Parse(line)!.AsObject())
            .Where(line => (string?)line["event"] != "resume")
            .Select(line => line.Where(pair => pair.Key == "event" || (pair.Key != "time" && (string?)line["event"] != "start")))
            .Select(line => string.Join(' ', line.Select(pair => $"{pair.Key}:{pair.Value?.ToJsonString()}")))];

    /// <summary>The points of all event files as TensorBoard shows them: a file that begins at a step hides those of files before it from there.</summary>
    private static List<string> Events(string folder)
    {
        var shown = new List<(long Step, string Text)>();
        foreach (var file in Directory.GetFiles(folder, "events.out.tfevents.*").OrderBy(path => int.Parse(path[(path.LastIndexOf('.') + 1)..], null)))
        {
            foreach (var entry in EventFileReader.Read(file))
            {
                var step = entry.Fields.Contains(2) ? entry.Integer(2) : 0;
                if (entry.Fields.Contains(7))
                    shown.RemoveAll(point => point.Step >= step);
                if (entry.Fields.Contains(5))
                    shown.Add((step, $"{step} {Convert.ToHexString(entry.Bytes(5))}"));
            }
        }
        return [.. shown.Select(point => point.Text).Order(StringComparer.Ordinal)];
    }

    private static string Describe(EpochMetrics epoch) =>
        $"{epoch.Epoch} {epoch.Step} {epoch.LearningRate:R} {epoch.TrainingLoss:R} {epoch.ValidationLoss:R} {epoch.IsBest} {Counts(epoch.Training)} {Counts(epoch.Validation)}";

    private static string Counts(SegmentationMetrics? metrics) =>
        metrics is null ? "none" : string.Join(' ', metrics.ConfusionMatrix.SelectMany(row => row));
}
