namespace SamSegmentation.ML.Datasets;

/// <summary>Something that makes a sample unusable.</summary>
/// <param name="Id">The sample.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Path">The file at fault: photograph, mask or list.</param>
/// <param name="Message">What was expected and what was found, with the place in the file where it has one.</param>
public sealed record SampleProblem(string Id, SampleProblemKind Kind, string Path, string Message)
{
    /// <summary>The problem on one line.</summary>
    /// <returns>Sample, file and message.</returns>
    public override string ToString() => $"{Id}: {Path}: {Message}";
}
