using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Golden;

/// <summary>A case with what our network computes of it; each group of quantities is computed once, when it is first asked for.</summary>
internal sealed class GoldenRun(string path) : IDisposable
{
    // A group that fails fails once: each of its quantities then reports the same exception.
    private readonly Dictionary<string, Lazy<Dictionary<string, Tensor>>> _groups = [];

    private readonly Dictionary<string, string> _remarks = [];

    /// <summary>The case.</summary>
    public GoldenCase Case { get; } = new(path);

    /// <summary>What our network computes for a quantity of the case; it stays the run's.</summary>
    public Tensor Output(string quantity)
    {
        var parts = quantity.Split('.');
        var outputs = parts[0] switch
        {
            "prompt" => Group("prompt", () => PromptOutputs.Compute(Case, Output("embedding.meta"))),
            "train" => Group($"train.{parts[1]}", () => Train(parts[1])),
            _ => Group("network", () => NetworkOutputs.Compute(Case)),
        };
        return outputs.TryGetValue(quantity, out var output)
            ? output
            : throw new InvalidDataException($"The case holds '{quantity}', which no test here computes.");
    }

    /// <summary>What a report of a quantity's error has to add; empty for nothing.</summary>
    public string RemarkOn(string quantity) =>
        _remarks.FirstOrDefault(pair => quantity.StartsWith(pair.Key, StringComparison.Ordinal)).Value ?? "";

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var output in _groups.Values.Where(group => group.IsValueCreated).SelectMany(group => group.Value.Values))
            output.Dispose();
        Case.Dispose();
    }

    private Dictionary<string, Tensor> Train(string protocol)
    {
        var (outputs, attempt) = TrainingOutputs.Closest(Case, protocol);
        if (attempt > 0)
            _remarks[$"train.{protocol}"] = $", embeddings rounded anew {attempt} times to take the reference's branch";
        return outputs;
    }

    private Dictionary<string, Tensor> Group(string name, Func<Dictionary<string, Tensor>> compute)
    {
        if (!_groups.TryGetValue(name, out var outputs))
            _groups[name] = outputs = new(() => compute().ToDictionary(pair => pair.Key, pair => pair.Value.DetachFromDisposeScope()));
        return outputs.Value;
    }
}
