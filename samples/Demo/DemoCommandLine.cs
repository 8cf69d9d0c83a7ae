using System.CommandLine;

namespace SamSegmentation.Demo;

/// <summary>The demo's options as they are typed.</summary>
public static class DemoCommandLine
{
    private static readonly DemoOptions s_defaults = new() { Output = "" };

    /// <summary>The command with its options and its help.</summary>
    /// <param name="run">What is done with the options; its result is the exit code.</param>
    /// <param name="pretrain">What the command <c>pretrain</c> does with its own.</param>
    public static RootCommand Create(Func<DemoOptions, int> run, Func<PretrainingOptions, int> pretrain)
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
        var checkpoint = new Option<string?>("--checkpoint")
        {
            HelpName = "FILE",
            Description = "The pretrained SAM to start from, such as sam_vit_b_01ec64.pth. Left out, the small one that the repository brings.",
        };
        var epochs = Number("--epochs", s_defaults.Epochs, 1, "Passes over the training images.");
        var scenes = Number("--scenes", s_defaults.Scenes, 1, "Synthetic scenes to learn from; a quarter as many are made to be judged by.");
        var seed = Number("--seed", s_defaults.Seed, 0, "Decides scenes, new weights and order: the same seed gives the same result.");

        var command = new RootCommand("Fine-tunes a frozen, pretrained Segment Anything, evaluates it by mIoU, writes its masks, and compares it with the reference's protocol.")
        {
            data, output, checkpoint, epochs, scenes, seed, Pretrain(pretrain),
        };
        command.SetAction(parsed => run(new DemoOptions
        {
            Data = parsed.GetValue(data),
            Checkpoint = parsed.GetValue(checkpoint) ?? SmallSam.Checkpoint,
            Output = parsed.GetValue(output) ?? OutputFolder.Free(Path.Combine("outputs", "demo")),
            Epochs = parsed.GetValue(epochs),
            Scenes = parsed.GetValue(scenes),
            Seed = parsed.GetValue(seed),
        }));
        return command;
    }

    private static Command Pretrain(Func<PretrainingOptions, int> run)
    {
        var defaults = new PretrainingOptions { Output = "" };
        var output = new Option<string?>("--output")
        {
            HelpName = "DIR",
            Description = "The folder for all that is written; it must be new or empty. [default: outputs/pretrain, or the next free outputs/pretrain-N]",
        };
        var epochs = Number("--epochs", defaults.Epochs, 1, "Passes over the training images.");
        var scenes = Number("--scenes", defaults.Scenes, 1, "Scenes to learn from; a twentieth as many are made to be judged by.");
        var scenesSeed = Number("--scenes-seed", defaults.ScenesSeed, 0, "Decides the scenes; the demo's own have another seed.");
        var seed = Number("--seed", defaults.Seed, 0, "Decides first weights, order and mirroring.");
        var command = new Command("pretrain", "Makes the small SAM's weights anew, from scratch: the best part of an hour on 2 cores.") { output, epochs, scenes, scenesSeed, seed };
        command.SetAction(parsed => run(new PretrainingOptions
        {
            Output = parsed.GetValue(output) ?? OutputFolder.Free(Path.Combine("outputs", "pretrain")),
            Epochs = parsed.GetValue(epochs),
            Scenes = parsed.GetValue(scenes),
            ScenesSeed = parsed.GetValue(scenesSeed),
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
}
