using SamSegmentation.Cli.Display;

namespace SamSegmentation.Cli.Commands;

/// <summary>What a command speaks to.</summary>
/// <param name="Display">Takes progress and what happens meanwhile.</param>
/// <param name="Results">Takes what the command was asked for, once it is there.</param>
/// <param name="Warnings">Takes what the user should know although the command goes on.</param>
internal sealed record CommandOutput(IDisplay Display, TextWriter Results, TextWriter Warnings);
