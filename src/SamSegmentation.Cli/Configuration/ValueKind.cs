namespace SamSegmentation.Cli.Configuration;

/// <summary>What a setting may be: how it is described, read, and shown.</summary>
/// <typeparam name="T">The type that it is read into.</typeparam>
/// <param name="Expected">What an error message says was expected, such as "an integer of at least 1".</param>
/// <param name="Placeholder">What help writes after the option's name.</param>
/// <param name="Form">How the command line writes it.</param>
/// <param name="Read">Reads a node; reports what is wrong under the given key and then returns false.</param>
/// <param name="Show">Writes a value as the user would.</param>
internal sealed record ValueKind<T>(
    string Expected,
    string Placeholder,
    CommandLineForm Form,
    ValueKind<T>.Reader Read,
    Func<T, string> Show)
{
    /// <summary>Reads one value.</summary>
    /// <param name="node">What the user wrote.</param>
    /// <param name="key">The path of its key.</param>
    /// <param name="problems">Takes what is wrong with it.</param>
    /// <param name="value">The value, when there is nothing wrong.</param>
    /// <returns>Whether the value can be used.</returns>
    internal delegate bool Reader(ConfigNode node, string key, List<ConfigProblem> problems, out T value);
}
