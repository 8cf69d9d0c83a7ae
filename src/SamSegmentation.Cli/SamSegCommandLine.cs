using System.CommandLine;
using SamSegmentation.Cli.CommandLine;
using SamSegmentation.Cli.Commands;
using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Display;
using Spectre.Console;

namespace SamSegmentation.Cli;

/// <summary>The whole program, apart from its process: what <c>samseg</c> does with its arguments.</summary>
internal static class SamSegCommandLine
{
    /// <summary>Runs a command with plain lines as output.</summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="output">Takes results and progress.</param>
    /// <param name="error">Takes errors and warnings.</param>
    /// <param name="cancellation">Stops the command cleanly.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static Task<int> RunAsync(
        IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancellation = default) =>
        RunAsync(args, new CommandOutput(new PlainDisplay(output, TimeProvider.System), output, error), cancellation);

    /// <summary>Runs a command on a terminal, with a bar for its progress.</summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="terminal">Takes results and progress.</param>
    /// <param name="error">Takes errors and warnings.</param>
    /// <param name="cancellation">Stops the command cleanly.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static Task<int> RunAsync(
        IReadOnlyList<string> args, IAnsiConsole terminal, TextWriter error, CancellationToken cancellation = default) =>
        RunAsync(args, new CommandOutput(new TerminalDisplay(terminal), terminal.Profile.Out.Writer, error), cancellation);

    /// <summary>The commands with their options, as they are parsed.</summary>
    /// <param name="output">What they speak to.</param>
    public static RootCommand CreateRoot(CommandOutput output)
    {
        var root = new RootCommand("samseg: fine-tunes Segment Anything (SAM) for semantic segmentation, evaluates it and segments images.");
        root.Add(InspectCommand.Create(output));
        root.Add(VerboseOption);
        return root;
    }

    private static Option<bool> VerboseOption { get; } = new("--verbose")
    {
        Description = "Show where in the program an error came from.",
        Recursive = true,
    };

    private static async Task<int> RunAsync(IReadOnlyList<string> args, CommandOutput output, CancellationToken cancellation)
    {
        var error = output.Warnings;
        // A path may begin with '@'; it does not name a file of further arguments.
        var parsed = CreateRoot(output).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var mistakes = UsageMistakes.Of(parsed);
        if (mistakes.Count > 0)
        {
            foreach (var mistake in mistakes)
                await error.WriteLineAsync($"samseg: {mistake}");
            await error.WriteLineAsync($"See: {NameOf(parsed)} --help");
            return ExitCode.BadUsage;
        }

        try
        {
            var how = new InvocationConfiguration
            {
                Output = output.Results,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // signals are Program's business
            };
            return await parsed.InvokeAsync(how, cancellation);
        }
        catch (ConfigurationException bad)
        {
            foreach (var problem in bad.Problems)
                await error.WriteLineAsync($"samseg: {problem}");
            await error.WriteLineAsync($"See: {NameOf(parsed)} --help");
            return ExitCode.BadUsage;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await error.WriteLineAsync("samseg: cancelled");
            return ExitCode.Cancelled;
        }
        catch (Exception failure)
        {
            await error.WriteLineAsync($"samseg: {Describe(failure)}");
            await error.WriteLineAsync(parsed.GetValue(VerboseOption) ? failure.ToString() : "(--verbose shows where in the program this came from)");
            return ExitCode.Failed;
        }
    }

    private static string NameOf(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "samseg" : $"samseg {parsed.CommandResult.Command.Name}";

    // One of several failures that came together is enough to act on; the rest is in --verbose.
    private static string Describe(Exception failure) => failure switch
    {
        AggregateException { InnerException: { } inner } => Describe(inner),
        NullReferenceException or InvalidCastException or IndexOutOfRangeException => $"a defect in samseg: {failure.GetType().Name}: {failure.Message}",
        _ => failure.Message,
    };
}
