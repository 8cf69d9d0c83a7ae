using System.CommandLine;

namespace SamSegmentation.Demo;

/// <summary>The demo's options as they are typed.</summary>
public static class DemoCommandLine
{
    private static readonly DemoOptions s_defaults = new() { Output = "" };

    /// <summary>The command with its options and its help.</summary>
    /// <param name="run">What is done with the options; its result is the exit code.</param>
    public static RootCommand Create(Func<DemoOptions, int> run)
    {
        var data = new Option<string?>("--data")
        {
            HelpName = "DIR",
            Description = "A PASCAL VOC 2012 folder to learn from. Left out, synthetic scenes are made.",
        };
        var output = new Option<string?>("--output")
        {
            HelpName = "DIR",
            Description = "The folder for all that is written; it must be new or empty. [default: outputs/demo, or the next free outputs/demo-N]",
        };
        var epochs = Number("--epochs", s_defaults.Epochs, 1, "Passes over the training images.");
        var scenes = Number("--scenes", s_defaults.Scenes, 1, "Synthetic scenes to learn from; an eighth as many are made to be judged by.");
        var seed = Number("--seed", s_defaults.Seed, 0, "Decides scenes, first weights and order: the same seed gives the same result.");

        var command = new RootCommand("Trains a small Segment Anything from scratch, evaluates it by mIoU and writes its masks.") { data, output, epochs, scenes, seed };
        command.SetAction(parsed => run(new DemoOptions
        {
            Data = parsed.GetValue(data),
            Output = parsed.GetValue(output) ?? FreeFolder(Path.Combine("outputs", "demo")),
            Epochs = parsed.GetValue(epochs),
            Scenes = parsed.GetValue(scenes),
            Seed = parsed.GetValue(seed),
        }));
        return command;
    }

    private static Option<int> Number(string name, int value, int least, string description)
    {
        var option = new Option<int>(name) { HelpName = "N", Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out int number) && number < least)
                result.AddError($"{name} is {number}; expected at least {least}.");
        });
        return option;
    }

    // A run never touches an earlier one's files.
    private static string FreeFolder(string wanted) =>
        Enumerable.Range(1, int.MaxValue)
            .Select(number => number == 1 ? wanted : $"{wanted}-{number}")
            .First(folder => !Path.Exists(folder));
}
