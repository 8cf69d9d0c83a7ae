namespace SamSegmentation.ML.Training;

/// <summary>Some options cannot be used; all of them are listed.</summary>
public sealed class InvalidTrainingOptionsException : ArgumentException
{
    /// <summary>Makes the error from its faults.</summary>
    /// <param name="faults">At least one fault.</param>
    public InvalidTrainingOptionsException(IReadOnlyList<OptionFault> faults)
        : base($"The training options have {faults.Count} fault(s):{string.Concat(faults.Select(fault => $"{Environment.NewLine}- {fault}"))}") =>
        Faults = faults;

    /// <summary>Every fault, in the order of the options.</summary>
    public IReadOnlyList<OptionFault> Faults { get; }
}
