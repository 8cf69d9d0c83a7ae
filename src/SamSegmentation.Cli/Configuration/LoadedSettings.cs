namespace SamSegmentation.Cli.Configuration;

/// <summary>Settings, and where each that was given stands.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Places">For each key that was given, <c>file:line:column</c> or its option.</param>
internal sealed record LoadedSettings<TSettings>(TSettings Settings, IReadOnlyDictionary<string, string> Places)
{
    /// <summary>What a file that was written for another program became, a line for each of its keys.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether the user typed it, which a file of all settings does not.</summary>
    public bool IsTyped(string key) => Places.GetValueOrDefault(key, "").StartsWith("--", StringComparison.Ordinal);

    /// <summary>Says what is wrong with a key's value, at the place where it stands.</summary>
    /// <param name="key">The key.</param>
    /// <param name="message">What was expected and what was found.</param>
    public ConfigProblem Problem(string key, string message) => new(Places.GetValueOrDefault(key, ""), key, message);
}
