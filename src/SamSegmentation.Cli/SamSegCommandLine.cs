using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using SamSegmentation.Cli.CommandLine;
using SamSegmentation.Cli.Commands;
using SamSegmentation.Cli.Configuration;
using SamSegmentation.ML.Checkpoints;

namespace SamSegmentation.Cli;

/// <summary>The whole program, apart from its process: what <c>samseg</c> does with its arguments.</summary>
internal static class SamSegCommandLine
{
    private const int NamesShown = 3;

    /// <summary>Runs a command.</summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="output">Takes results, progress, errors and warnings.</param>
    /// <param name="cancellation">Stops the command cleanly.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CommandOutput output, CancellationToken cancellation = default)
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
            if (parsed.GetValue(VerboseOption))
                await error.WriteLineAsync(failure.ToString());
            return ExitCode.Failed;
        }
    }

    /// <summary>The commands with their options, as they are parsed.</summary>
    /// <param name="output">What they speak to.</param>
    public static RootCommand CreateRoot(CommandOutput output)
    {
        var root = new RootCommand("samseg: fine-tunes Segment Anything (SAM) for semantic segmentation, evaluates it and segments images.");
        root.Add(TrainCommand.Create(output));
        root.Add(EvaluateCommand.Create(output));
        root.Add(PredictCommand.Create(output));
        root.Add(EmbedCommand.Create(output));
        root.Add(ExportCommand.Create(output));
        root.Add(ReportCommand.Create(output));
        root.Add(InspectCommand.Create(output));
        root.Add(DownloadCommand.Create(output));
        root.Add(VerboseOption);
        return root;
    }

    private static Option<bool> VerboseOption { get; } = new("--verbose")
    {
        Description = "Show where in the program an error came from.",
        Recursive = true,
    };

    private static string NameOf(ParseResult parsed) => NameOf(parsed.CommandResult);

    private static string NameOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{NameOf(parent)} {command.Command.Name}" : "samseg";

    // One of several failures that came together is enough to act on; the rest is in --verbose.
    private static string Describe(Exception failure) => failure switch
    {
        AggregateException { InnerException: { } inner } => Describe(inner),
        CheckpointMismatchException mismatch => Describe(mismatch),
        ExternalException torch => $"libtorch: {torch.Message.Split('\n')[0]}", // its own stack follows
        NullReferenceException or InvalidCastException or IndexOutOfRangeException =>
            $"a defect in samseg: {failure.GetType().Name}: {failure.Message} (--verbose shows where)",
        _ => failure.Message,
    };

    // A network has hundreds of names; a few show what is wrong, and --verbose lists them all.
    private static string Describe(CheckpointMismatchException mismatch)
    {
        var lists = new[] { ("missing", mismatch.Missing), ("unexpected", mismatch.Unexpected), ("of another shape or dtype", mismatch.Misshaped) };
        var named = lists.Where(list => list.Item2.Count > 0).Select(list =>
            $" {list.Item2.Count} {list.Item1}: {string.Join("; ", list.Item2.Take(NamesShown))}{(list.Item2.Count > NamesShown ? "; …" : "")}.");
        return mismatch.Message.Split(Environment.NewLine)[0] + string.Concat(named);
    }
}
