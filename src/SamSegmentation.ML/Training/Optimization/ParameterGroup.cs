using TorchSharp.Modules;

namespace SamSegmentation.ML.Training.Optimization;

/// <summary>Parameters with the same learning rate and weight decay.</summary>
/// <param name="LearningRate">Base learning rate, which the schedule multiplies.</param>
/// <param name="WeightDecay">Weight decay.</param>
/// <param name="Parameters">At least one parameter.</param>
internal sealed record ParameterGroup(double LearningRate, double WeightDecay, IReadOnlyList<Parameter> Parameters)
{
    /// <summary>Divides parameters by the longest part whose name begins theirs; those of no part come first.</summary>
    /// <exception cref="InvalidTrainingOptionsException">Parts fit no parameter; each is reported with the names that there are.</exception>
    public static IReadOnlyList<ParameterGroup> Divide(IReadOnlyList<(string Name, Parameter Parameter)> parameters, TrainingOptions options)
    {
        var byPart = parameters.ToLookup(pair => PartOf(pair.Name, options), pair => pair.Parameter);
        var faults = options.Parts.Keys
            .Where(part => !parameters.Any(pair => Fits(part, pair.Name)))
            .Select(part => new OptionFault(
                $"{nameof(options.Parts)}[{part}]",
                $"fits no parameter that {options.Trained} trains; these are {string.Join(", ", parameters.Select(pair => pair.Name))}."))
            .ToArray();
        if (faults.Length > 0)
            throw new InvalidTrainingOptionsException(faults);
        return [.. byPart.OrderBy(group => group.Key, StringComparer.Ordinal).Select(Make)];

        ParameterGroup Make(IGrouping<string, Parameter> group)
        {
            var part = group.Key.Length == 0 ? null : options.Parts[group.Key];
            return new ParameterGroup(part?.LearningRate ?? options.LearningRate, part?.WeightDecay ?? options.WeightDecay, [.. group]);
        }
    }

    private static string PartOf(string name, TrainingOptions options) =>
        options.Parts.Keys.Where(part => Fits(part, name)).MaxBy(part => part.Length) ?? "";

    private static bool Fits(string part, string name) =>
        name == part || name.StartsWith(part.EndsWith('.') ? part : part + '.', StringComparison.Ordinal);
}
