using SamSegmentation.Cli.Configuration;

namespace SamSegmentation.Cli.Tests.Configuration;

/// <summary>A small program's settings, to try the machinery on.</summary>
internal sealed record Toy
{
    public int Epochs { get; init; } = 50;

    public double Rate { get; init; } = 0.1;

    public double? Clip { get; init; }

    public string Kind { get; init; } = "adam";

    public string? Folder { get; init; }

    public bool Nesterov { get; init; }

    public IReadOnlyList<int> Milestones { get; init; } = [];

    public string? Voc { get; init; }

    public string? Images { get; init; }

    public static KnobTable<Toy> Table { get; } = new(
    [
        Knob<Toy>.Define("training.epochs", "Passes.", ValueKinds.Integer(1, 1000), toy => toy.Epochs, (toy, value) => toy with { Epochs = value }),
        Knob<Toy>.Define("training.optimizer.kind", "Rule.", ValueKinds.Choice(("sgd", "sgd"), ("adam", "adam")), toy => toy.Kind, (toy, value) => toy with { Kind = value }, "--optimizer"),
        Knob<Toy>.Define("training.optimizer.learning_rate", "Rate.", ValueKinds.Number(0, above: true), toy => toy.Rate, (toy, value) => toy with { Rate = value }),
        Knob<Toy>.Define("training.optimizer.nesterov", "Nesterov.", ValueKinds.Flag, toy => toy.Nesterov, (toy, value) => toy with { Nesterov = value }),
        Knob<Toy>.Define("training.clip", "Clip.", ValueKinds.Optional(ValueKinds.Number(0, above: true)), toy => toy.Clip, (toy, value) => toy with { Clip = value }),
        Knob<Toy>.Define("training.milestones", "Epochs.", ValueKinds.ListOf(ValueKinds.Integer(0)), toy => toy.Milestones, (toy, value) => toy with { Milestones = value }),
        Knob<Toy>.Define("output.folder", "Folder.", ValueKinds.OptionalText("DIR"), toy => toy.Folder, (toy, value) => toy with { Folder = value }),
        Knob<Toy>.Define("dataset.voc", "Folder.", ValueKinds.OptionalText("DIR"), toy => toy.Voc, (toy, value) => toy with { Voc = value }, rivals: ["dataset.images"]),
        Knob<Toy>.Define("dataset.images", "Folder.", ValueKinds.OptionalText("DIR"), toy => toy.Images, (toy, value) => toy with { Images = value }, rivals: ["dataset.voc"]),
    ]);

    /// <summary>Reads a YAML text; problems as the lines a user sees.</summary>
    public static (Toy Settings, IReadOnlyList<string> Problems) Read(string yaml, params (string Key, ConfigNode Node)[] commandLine)
    {
        var problems = new List<ConfigProblem>();
        var file = YamlFile.Parse("toy.yaml", yaml, problems);
        var loaded = Table.Read(new Toy(), file, commandLine.ToDictionary(one => Table[one.Key], one => one.Node), problems);
        return (loaded.Settings, [.. problems.Select(problem => problem.ToString())]);
    }
}
