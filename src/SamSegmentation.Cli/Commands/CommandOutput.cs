using SamSegmentation.Cli.Display;
using Spectre.Console;

namespace SamSegmentation.Cli.Commands;

/// <summary>What a command speaks to.</summary>
/// <param name="Display">Takes progress and what happens meanwhile.</param>
/// <param name="Results">Takes what the command was asked for, once it is there.</param>
/// <param name="Warnings">Takes errors, and what the user should know although the command goes on.</param>
internal sealed record CommandOutput(IDisplay Display, TextWriter Results, TextWriter Warnings)
{
    // A line written past a bar that is being drawn would be drawn over.
    private bool WarningsOnDisplay { get; init; }

    /// <summary>Asks the user to agree; null when nobody is there to be asked.</summary>
    public Func<string, bool>? Ask { get; init; }

    /// <summary>Plain lines.</summary>
    /// <param name="output">Takes results and progress.</param>
    /// <param name="error">Takes errors and warnings.</param>
    public static CommandOutput Plain(TextWriter output, TextWriter error) =>
        new(new PlainDisplay(output, TimeProvider.System), output, error);

    /// <summary>A terminal, with a bar for progress.</summary>
    /// <param name="terminal">Takes results and progress.</param>
    /// <param name="error">Takes errors and warnings.</param>
    /// <param name="errorIsTerminal">Whether that is the same terminal.</param>
    public static CommandOutput OnTerminal(IAnsiConsole terminal, TextWriter error, bool errorIsTerminal) =>
        new(new TerminalDisplay(terminal), terminal.Profile.Out.Writer, error) { WarningsOnDisplay = errorIsTerminal };

    /// <summary>The same, with nothing but results in <see cref="Results"/>: for output that a program reads.</summary>
    public CommandOutput ForPrograms() => Plain(Warnings, Warnings) with { Results = Results };

    /// <summary>Writes a line that the user should know although the command goes on.</summary>
    /// <param name="text">The line.</param>
    public void Warn(string text)
    {
        var line = $"samseg: {text}";
        if (WarningsOnDisplay)
            Display.Line(line);
        else
        {
            lock (Warnings)
                Warnings.WriteLine(line);
        }
    }
}
