namespace SamSegmentation.Cli.Configuration;

/// <summary>One thing that is wrong with what the user wrote.</summary>
/// <param name="Place"><c>file:line:column</c>, or the option's name.</param>
/// <param name="Key">The path of the key, such as <c>training.epochs</c>; empty when no key is concerned.</param>
/// <param name="Message">What was expected and what was found.</param>
internal sealed record ConfigProblem(string Place, string Key, string Message)
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(": ", new[] { Place, Key, Message }.Where(part => part.Length > 0));
}
