namespace SamSegmentation.Cli.Configuration;

/// <summary>Settings, and where each that was given stands.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Places">For each key that was given, <c>file:line:column</c> or its option.</param>
internal sealed record LoadedSettings<TSettings>(TSettings Settings, IReadOnlyDictionary<string, string> Places)
{
    /// <summary>Whether the user set this key.</summary>
    public bool Has(string key) => Places.ContainsKey(key);
}
