namespace SamSegmentation.Cli.Configuration;

/// <summary>
/// One setting: its key in a file, its option on the command line, its help, its default, and how it gets into the
/// settings. Everything that shows or reads settings is driven by these.
/// </summary>
/// <typeparam name="TSettings">The record that holds all settings; it is never changed, only copied.</typeparam>
internal sealed class Knob<TSettings>
{
    private readonly Func<ConfigNode, List<ConfigProblem>, Func<TSettings, TSettings>?> _read;
    private readonly Func<TSettings, string> _show;

    private Knob(
        string key,
        string option,
        string help,
        string expected,
        string placeholder,
        CommandLineForm form,
        Func<ConfigNode, List<ConfigProblem>, Func<TSettings, TSettings>?> read,
        Func<TSettings, string> show)
    {
        (Key, Option, Help, Expected, Placeholder, Form) = (key, option, help, expected, placeholder, form);
        _read = read;
        _show = show;
    }

    /// <summary>The path of its key in a file, such as <c>training.epochs</c>.</summary>
    public string Key { get; }

    /// <summary>Its option on the command line, such as <c>--epochs</c>.</summary>
    public string Option { get; }

    /// <summary>One sentence about what it does.</summary>
    public string Help { get; }

    /// <summary>What its values are, such as "an integer of at least 1".</summary>
    public string Expected { get; }

    /// <summary>What help writes after the option's name.</summary>
    public string Placeholder { get; }

    /// <summary>How the command line writes its value.</summary>
    public CommandLineForm Form { get; }

    /// <summary>
    /// Keys that mean the same thing in another way: when this option is given on the command line, a file's values of
    /// these are left out.
    /// </summary>
    public IReadOnlyList<string> Rivals { get; init; } = [];

    /// <summary>
    /// The property of the library's options that it sets, or null: what the library finds wrong with that property is
    /// reported under this setting.
    /// </summary>
    public string? Property { get; init; }

    /// <summary>Defines a setting.</summary>
    /// <param name="key">The path of its key: <c>section.name</c> in snake case.</param>
    /// <param name="help">One sentence about what it does.</param>
    /// <param name="kind">What its values are.</param>
    /// <param name="get">Takes its value out of the settings; of the default settings this is the default.</param>
    /// <param name="set">Copies the settings with another value.</param>
    /// <param name="option">Its option; without one, the last part of the key in kebab case.</param>
    /// <param name="rivals">See <see cref="Rivals"/>.</param>
    /// <param name="property">See <see cref="Property"/>.</param>
    public static Knob<TSettings> Define<T>(
        string key,
        string help,
        ValueKind<T> kind,
        Func<TSettings, T> get,
        Func<TSettings, T, TSettings> set,
        string? option = null,
        IReadOnlyList<string>? rivals = null,
        string? property = null) => new(
        key,
        option ?? "--" + key[(key.LastIndexOf('.') + 1)..].Replace('_', '-'),
        help,
        kind.Expected,
        kind.Placeholder,
        kind.Form,
        (node, problems) => kind.Read(node, key, problems, out var value) ? settings => set(settings, value) : null,
        settings => kind.Show(get(settings)))
        {
            Rivals = rivals ?? [],
            Property = property,
        };

    /// <summary>Reads a value that a user wrote.</summary>
    /// <param name="node">What was written.</param>
    /// <param name="problems">Takes what is wrong with it.</param>
    /// <returns>What puts the value into the settings; null when it cannot be used.</returns>
    public Func<TSettings, TSettings>? Read(ConfigNode node, List<ConfigProblem> problems) => _read(node, problems);

    /// <summary>Writes this setting's value as a user would.</summary>
    /// <param name="settings">The settings to look into.</param>
    public string Show(TSettings settings) => _show(settings);
}
