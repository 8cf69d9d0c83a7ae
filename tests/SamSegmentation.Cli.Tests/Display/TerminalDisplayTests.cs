using SamSegmentation.Cli.Display;
using Spectre.Console;
using Xunit;

namespace SamSegmentation.Cli.Tests.Display;

public sealed class TerminalDisplayTests
{
    [Fact]
    public async Task ShowAsync_WorkWithStages_DrawsABarAndKeepsTheLines()
    {
        var writer = new StringWriter();
        var display = new TerminalDisplay(AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        }));

        var result = await display.ShowAsync(() =>
        {
            display.Progress("embedding [1]", 1, 2);
            display.Line("an [epoch] line");
            display.Progress("training", 3, null);
            return 5;
        });

        Assert.Equal(5, result);
        Assert.Contains("an [epoch] line", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("\u001b[", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShowAsync_WorkThatFails_ThrowsItsException()
    {
        var display = new TerminalDisplay(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(new StringWriter()) }));

        await Assert.ThrowsAsync<FormatException>(() => display.ShowAsync<int>(() => throw new FormatException()));
    }
}
