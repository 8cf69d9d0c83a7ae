using SamSegmentation.Demo;
using Xunit;

namespace SamSegmentation.ML.Tests.Demo;

public class DemoCommandLineTests
{
    [Fact]
    public void Parse_EveryOption_ReachesTheRun()
    {
        var options = Options("--data", "voc", "--output", "there", "--checkpoint", "sam.pth", "--epochs", "3", "--scenes", "20", "--seed", "5");

        Assert.Equal(new DemoOptions { Data = "voc", Output = "there", Checkpoint = "sam.pth", Epochs = 3, Scenes = 20, Seed = 5 }, options);
    }

    [Fact]
    public void Parse_Pretrain_ReachesIt()
    {
        PretrainingOptions? found = null;
        int code = DemoCommandLine.Create(_ => 1, options =>
        {
            found = options;
            return 7;
        }).Parse(["pretrain", "--output", "there", "--epochs", "3", "--scenes", "20", "--scenes-seed", "6", "--seed", "5"]).Invoke();

        Assert.Equal(7, code);
        Assert.Equal(new PretrainingOptions { Output = "there", Epochs = 3, Scenes = 20, ScenesSeed = 6, Seed = 5 }, found);
    }

    [Fact]
    public void Parse_NoOption_TakesTheDefaultsAndAFolderThatIsFree()
    {
        var options = Options();

        Assert.StartsWith(Path.Combine("outputs", "demo"), options.Output);
        Assert.False(Path.Exists(options.Output));
        Assert.Equal(new DemoOptions { Output = options.Output }, options);
    }

    [Theory]
    [InlineData("--epochs", "0")]
    [InlineData("--scenes", "none")]
    [InlineData("--seed", "-1")]
    [InlineData("--sed", "1")]
    public void Parse_BadArguments_NamesThem(string option, string value)
    {
        var error = Assert.Single(DemoCommandLine.Create(_ => 0, _ => 0).Parse([option, value]).Errors.Take(1));

        Assert.Contains(option == "--scenes" ? value : option, error.Message);
    }

    private static DemoOptions Options(params string[] args)
    {
        DemoOptions? found = null;
        int code = DemoCommandLine.Create(options =>
        {
            found = options;
            return 7;
        }, _ => 1).Parse(args).Invoke();
        Assert.Equal(7, code);
        return found!;
    }
}
