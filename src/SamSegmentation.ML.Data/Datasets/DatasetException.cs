using System.Text;

namespace SamSegmentation.ML.Datasets;

/// <summary>A dataset that cannot be used: its folder or list, or samples in it.</summary>
public sealed class DatasetException : Exception
{
    private const int ListedProblems = 20;

    /// <summary>Creates the exception.</summary>
    /// <param name="path">The folder or file at fault.</param>
    /// <param name="reason">What was expected and what was found.</param>
    /// <param name="problems">The bad samples, when it is about samples; the message lists the first 20 and counts the rest.</param>
    /// <param name="innerException">The failure beneath, if there is one.</param>
    public DatasetException(
        string path, string reason, IReadOnlyList<SampleProblem>? problems = null, Exception? innerException = null)
        : base(Format(path, reason, problems ?? []), innerException)
    {
        Path = path;
        Problems = problems ?? [];
    }

    /// <summary>The folder or file at fault.</summary>
    public string Path { get; }

    /// <summary>All bad samples' problems, in the dataset's order; empty when it is not about samples.</summary>
    public IReadOnlyList<SampleProblem> Problems { get; }

    private static string Format(string path, string reason, IReadOnlyList<SampleProblem> problems)
    {
        StringBuilder message = new($"{path}: {reason}");
        foreach (SampleProblem problem in problems.Take(ListedProblems))
        {
            message.Append($"\n  {problem}");
        }

        if (problems.Count > ListedProblems)
        {
            message.Append($"\n  and {problems.Count - ListedProblems} more");
        }

        return message.ToString();
    }
}
