using SamSegmentation.Cli.Display;
using Xunit;

namespace SamSegmentation.Cli.Tests.Display;

public sealed class PlainDisplayTests
{
    [Fact]
    public void Progress_ShortStages_TakeNoLine()
    {
        var (display, clock, output) = Create();

        display.Line("begin");
        for (var done = 0; done <= 10; done++)
        {
            display.Progress("embedding", done, 10);
            clock.Advance(TimeSpan.FromSeconds(5));
        }
        display.Progress("training", 0, 10);

        Assert.Equal($"begin{Environment.NewLine}", output.ToString());
    }

    [Fact]
    public void Progress_LongStage_GetsALineAMinute()
    {
        var (display, clock, output) = Create();

        for (var done = 0; done < 10; done++)
        {
            display.Progress("embedding", done, done < 5 ? 10 : null);
            clock.Advance(TimeSpan.FromSeconds(21));
        }

        Assert.Equal(["embedding: 3 of 10", "embedding: 6", "embedding: 9"], output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task ShowAsync_Work_ReturnsItsResultAndItsException()
    {
        var (display, _, _) = Create();

        Assert.Equal(3, await display.ShowAsync(() => 3));
        await Assert.ThrowsAsync<FormatException>(() => display.ShowAsync<int>(() => throw new FormatException()));
    }

    private static (PlainDisplay, ManualClock, StringWriter) Create()
    {
        var clock = new ManualClock();
        var output = new StringWriter();
        return (new PlainDisplay(output, clock), clock, output);
    }

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
