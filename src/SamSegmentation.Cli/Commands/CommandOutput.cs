using SamSegmentation.Cli.Display;

namespace SamSegmentation.Cli.Commands;

/// <summary>What a command speaks to.</summary>
/// <param name="Display">Takes progress and what happens meanwhile.</param>
/// <param name="Results">Takes what the command was asked for, once it is there.</param>
/// <param name="Warnings">Takes what the user should know although the command goes on.</param>
internal sealed record CommandOutput(IDisplay Display, TextWriter Results, TextWriter Warnings)
{
    /// <summary>The same, with nothing but results in <see cref="Results"/>: for output that a program reads.</summary>
    public CommandOutput ForPrograms() => this with { Display = new PlainDisplay(Warnings, TimeProvider.System) };

    /// <summary>Writes a line that the user should know although the command goes on.</summary>
    /// <param name="text">The line.</param>
    public void Warn(string text)
    {
        lock (Warnings)
            Warnings.WriteLine($"samseg: {text}");
    }
}
