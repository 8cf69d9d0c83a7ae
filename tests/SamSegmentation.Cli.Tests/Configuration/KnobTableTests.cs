using SamSegmentation.Cli.Configuration;
using Xunit;

namespace SamSegmentation.Cli.Tests.Configuration;

public sealed class KnobTableTests
{
    [Fact]
    public void Read_EveryKindOfValue_ReachesTheSettings()
    {
        var (settings, problems) = Toy.Read("""
            training:
              epochs: 7
              clip: 1.5
              milestones: [3, 5]
              optimizer: { kind: SGD, learning_rate: 1e-3, nesterov: true }
            output:
              folder: "out put"
            """);

        Assert.Empty(problems);
        Assert.Equal((7, 1.5, "sgd", 1e-3, true, "out put"), (settings.Epochs, settings.Clip, settings.Kind, settings.Rate, settings.Nesterov, settings.Folder));
        Assert.Equal([3, 5], settings.Milestones);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("~")]
    [InlineData("training:\noutput: ~\n")]
    public void Read_NothingSaid_KeepsTheDefaults(string yaml)
    {
        var (settings, problems) = Toy.Read(yaml);

        Assert.Empty(problems);
        Assert.Equal(new Toy() with { Milestones = settings.Milestones }, settings);
    }

    [Fact]
    public void Read_ManyProblems_ListsAllWithPlaceAndKey()
    {
        var (_, problems) = Toy.Read("""
            training:
              epoch: 7
              epochs: 0
              epochs: 5
              clip: -1
              milestones: [3, x, "4"]
              optimizer:
                kind: adm
                learning_rate: fast
                nesterov: 1
            trainig:
              epochs: 3
            learning_rate: 0.1
            output: folder
            """);

        Assert.Equal(
            [
                "toy.yaml:2:3: training.epoch: unknown key (did you mean 'epochs'?)",
                "toy.yaml:3:11: training.epochs: expected an integer in 1..1000, found '0'",
                "toy.yaml:4:3: training.epochs: is there twice; the first is at toy.yaml:3:3",
                "toy.yaml:5:9: training.clip: expected a number above 0, found '-1'",
                "toy.yaml:6:19: training.milestones[1]: expected an integer of at least 0, found 'x'",
                "toy.yaml:6:22: training.milestones[2]: expected an integer of at least 0, found the text '4'",
                "toy.yaml:8:11: training.optimizer.kind: expected one of sgd, adam (did you mean 'adam'?), found 'adm'",
                "toy.yaml:9:20: training.optimizer.learning_rate: expected a number above 0, found 'fast'",
                "toy.yaml:10:15: training.optimizer.nesterov: expected true or false, found '1'",
                "toy.yaml:11:1: trainig: unknown key (did you mean 'training'?)",
                "toy.yaml:13:1: learning_rate: unknown key (did you mean 'training.optimizer.learning_rate'?)",
                "toy.yaml:14:9: output: expected a section with keys, found 'folder'",
            ],
            problems);
    }

    [Theory]
    [InlineData("1.0")]
    [InlineData("1e2")]
    [InlineData("99999999999")]
    [InlineData("0x10")]
    [InlineData("1_000")]
    [InlineData("")]
    [InlineData("~")]
    [InlineData("[1]")]
    [InlineData("{a: 1}")]
    public void Read_NotAnInteger_IsRefused(string value)
    {
        var (settings, problems) = Toy.Read($"training:\n  epochs: {value}\n");

        Assert.StartsWith("toy.yaml:2:", Assert.Single(problems), StringComparison.Ordinal);
        Assert.Equal(50, settings.Epochs);
    }

    [Theory]
    [InlineData(".inf")]
    [InlineData(".nan")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("0")]
    [InlineData("0,5")]
    [InlineData("1e999")]
    public void Read_NotAFiniteNumberInRange_IsRefused(string value)
    {
        var (settings, problems) = Toy.Read($"training:\n  optimizer:\n    learning_rate: {value}\n");

        Assert.Single(problems);
        Assert.Equal(0.1, settings.Rate);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("~")]
    [InlineData("null")]
    public void Read_None_UnsetsAnOptionalValue(string value)
    {
        var (settings, problems) = Toy.Read($"training:\n  clip: {value}\noutput:\n  folder: {value}\n");

        Assert.Empty(problems);
        Assert.Null(settings.Clip);
        Assert.Null(settings.Folder);
    }

    [Fact]
    public void Read_CommandLineAndFile_CommandLineWins()
    {
        var (settings, problems) = Toy.Read(
            "training:\n  epochs: 7\n  clip: 2\n",
            ("training.epochs", new ConfigNode.Scalar("9", false, "--epochs")));

        Assert.Empty(problems);
        Assert.Equal((9, 2.0), (settings.Epochs, settings.Clip));
    }

    [Fact]
    public void Read_BadValueOnTheCommandLine_NamesTheOption()
    {
        var (_, problems) = Toy.Read("", ("training.epochs", new ConfigNode.Scalar("many", false, "--epochs")));

        Assert.Equal(["--epochs: training.epochs: expected an integer in 1..1000, found 'many'"], problems);
    }

    [Fact]
    public void Read_RivalOnTheCommandLine_DropsTheFilesValue()
    {
        var (settings, _) = Toy.Read("dataset:\n  voc: here\n", ("dataset.images", new ConfigNode.Scalar("there", false, "--images")));

        Assert.Equal((null, "there"), (settings.Voc, settings.Images));
    }

    [Fact]
    public void Read_Places_TellWhatWasGivenAndWhere()
    {
        var problems = new List<ConfigProblem>();
        var file = YamlFile.Parse("toy.yaml", "training:\n  epochs: 7\n", problems);
        var onCommandLine = new Dictionary<Knob<Toy>, ConfigNode> { [Toy.Table["training.clip"]] = new ConfigNode.Scalar("1", false, "--clip") };

        var loaded = Toy.Table.Read(new Toy(), file, onCommandLine, problems);

        Assert.Equal([new("training.epochs", "toy.yaml:2:11"), new("training.clip", "--clip")], loaded.Places);
    }

    [Fact]
    public void Constructor_OneOptionTwice_Throws()
    {
        var knob = Knob<Toy>.Define("a.epochs", "", ValueKinds.Integer(), toy => toy.Epochs, (toy, value) => toy with { Epochs = value });
        var other = Knob<Toy>.Define("b.epochs", "", ValueKinds.Integer(), toy => toy.Epochs, (toy, value) => toy with { Epochs = value });

        var error = Assert.Throws<ArgumentException>(() => new KnobTable<Toy>([knob, other]));
        Assert.Contains("--epochs is the option of a.epochs and b.epochs", error.Message, StringComparison.Ordinal);
    }
}
