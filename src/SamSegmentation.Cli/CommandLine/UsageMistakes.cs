using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using SamSegmentation.Cli.Configuration;

namespace SamSegmentation.Cli.CommandLine;

/// <summary>What is wrong with a command line, before any value in it is read.</summary>
internal static class UsageMistakes
{
    /// <summary>Lists every mistake, with a guess at what was meant.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>Empty when there is none, or when only help was asked for.</returns>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        if (parsed.Action is HelpAction)
            return [];
        var command = parsed.CommandResult;
        // System.CommandLine takes a misspelt option for an argument wherever one may stand.
        var misspelt = command.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value)
            .Where(word => word.StartsWith("--", StringComparison.Ordinal));
        var unmatched = parsed.UnmatchedTokens;
        var others = parsed.Errors
            .Select(error => error.Message)
            .Where(message => !unmatched.Any(word => message.Contains($"'{word}'", StringComparison.Ordinal)));
        return [.. misspelt.Concat(unmatched).Select(Explain), .. others];

        string Explain(string word) => word.StartsWith('-')
            ? $"unknown option '{word}'" + Spelling.DidYouMean(word, OptionsOf(command))
            : $"unknown {(command.Command is { Subcommands.Count: > 0, Arguments.Count: 0 } ? "command" : "argument")} '{word}'"
                + Spelling.DidYouMean(word, command.Command.Subcommands.Select(one => one.Name));
    }

    private static IEnumerable<string> OptionsOf(CommandResult command) =>
        command.Command.Options.Select(option => option.Name).Append("--help").Append("--verbose");
}
