using System.CommandLine;
using SamSegmentation.Cli.Configuration;

namespace SamSegmentation.Cli.CommandLine;

/// <summary>A setting as an option of a command. Its text is read by the setting itself, like a file's.</summary>
internal static class KnobOption
{
    /// <summary>Makes the option.</summary>
    /// <param name="knob">The setting.</param>
    /// <param name="defaults">The settings that hold where nothing is said; help shows them.</param>
    public static Option Create<TSettings>(Knob<TSettings> knob, TSettings defaults)
    {
        var help = $"{knob.Help} [default: {knob.Show(defaults)}]";
        // System.CommandLine takes the word after a flag for its value only if it is true or false.
        if (knob.Form == CommandLineForm.Flag)
            return new Option<bool>(knob.Option) { Description = help, Arity = ArgumentArity.ZeroOrOne, HelpName = knob.Placeholder };
        if (knob.Form == CommandLineForm.Single)
            return new Option<string>(knob.Option) { Description = help, HelpName = knob.Placeholder };
        return new Option<string[]>(knob.Option) { Description = help, HelpName = knob.Placeholder, Arity = ArgumentArity.OneOrMore };
    }

    /// <summary>What was written for an option.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">An option made by <see cref="Create"/>.</param>
    /// <param name="form">How its value is written.</param>
    /// <returns>Null when the option was not given.</returns>
    public static ConfigNode? Read(ParseResult parsed, Option option, CommandLineForm form)
    {
        if (parsed.GetResult(option) is not { Implicit: false } result)
            return null;
        var words = result.Tokens.Select(token => token.Value).ToList();
        return form switch
        {
            CommandLineForm.Flag => Scalar(words.Count == 0 ? "true" : words[^1]),
            CommandLineForm.Single => Scalar(words[^1]),
            CommandLineForm.List when words is ["none"] => Scalar("none"),
            CommandLineForm.List => new ConfigNode.Sequence(
                [.. words.SelectMany(word => word.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Select(Scalar)],
                option.Name),
            _ => new ConfigNode.Mapping([.. words.Where(word => word != "none").Select(Section)], option.Name),
        };

        ConfigNode.Scalar Scalar(string text) => new(text, false, option.Name);

        // NAME:KEY=VALUE,KEY=VALUE
        KeyValuePair<ConfigNode.Scalar, ConfigNode> Section(string word)
        {
            var parts = word.Split(':', 2, StringSplitOptions.TrimEntries);
            var pairs = parts.Length < 2 ? [] : parts[1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return new(Scalar(parts[0]), new ConfigNode.Mapping([.. pairs.Select(Pair)], option.Name));
        }

        KeyValuePair<ConfigNode.Scalar, ConfigNode> Pair(string word)
        {
            var parts = word.Split('=', 2, StringSplitOptions.TrimEntries);
            return new(Scalar(parts[0].Replace('-', '_')), Scalar(parts.Length < 2 ? "" : parts[1]));
        }
    }
}
