namespace SamSegmentation.ML.Training;

/// <summary>One option whose value cannot be used.</summary>
/// <param name="Option">The property of <see cref="TrainingOptions"/>.</param>
/// <param name="Reason">A sentence with the value found and the values allowed.</param>
public sealed record OptionFault(string Option, string Reason)
{
    /// <summary>The option and the reason, for a list of faults.</summary>
    public override string ToString() => $"{Option}: {Reason}";
}
