namespace SamSegmentation.Cli.Configuration;

/// <summary>The user's settings cannot be used; every reason is listed.</summary>
internal sealed class ConfigurationException(IReadOnlyList<ConfigProblem> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>Everything that is wrong, in the order in which it was written.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; } = problems;

    /// <summary>Makes one of a single problem that belongs to no line of a file.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public ConfigurationException(string message) : this([new ConfigProblem("", "", message)])
    {
    }
}
