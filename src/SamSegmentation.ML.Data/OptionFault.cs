namespace SamSegmentation.ML;

/// <summary>One option whose value cannot be used.</summary>
/// <param name="Option">The property, with the way to it where it lies within another, such as <c>Loss.Terms[0].Weight</c>.</param>
/// <param name="Reason">A sentence with the value found and the values allowed.</param>
public sealed record OptionFault(string Option, string Reason)
{
    /// <summary>The option and the reason, for a list of faults.</summary>
    public override string ToString() => $"{Option}: {Reason}";

    /// <summary>The fault as one of the options that hold these.</summary>
    /// <param name="owner">The property that holds them.</param>
    internal OptionFault Within(string owner) => this with { Option = $"{owner}.{Option}" };
}
