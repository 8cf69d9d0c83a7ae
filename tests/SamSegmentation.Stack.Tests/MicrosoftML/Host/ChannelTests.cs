using Microsoft.ML;
using Microsoft.ML.Runtime;
using Xunit;

namespace SamSegmentation.Stack.Tests.MicrosoftML.Host;

public sealed class ChannelTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<LoggingEventArgs> _heard = [];

    public ChannelTests() => _ml.Log += (_, message) => _heard.Add(message);

    [Fact]
    public void Log_OfAHostsChannel_HearsSourceKindAndText()
    {
        var host = ((IHostEnvironment)_ml).Register("Trainer");

        using (var channel = host.Start("Epoch"))
        {
            channel.Info(MessageSensitivity.None, "loss {0}", 0.5);
            channel.Warning(MessageSensitivity.UserData, "careful");
            channel.Error(MessageSensitivity.Schema, "broken");
            channel.Trace(MessageSensitivity.All, "detail");
        }

        Assert.All(_heard, message => Assert.Equal("Trainer; Epoch", message.Source));
        Assert.Equal(
            ["Trace", "Info", "Warning", "Error", "Trace", "Trace", "Trace"], _heard.Select(message => message.Kind.ToString()));
        Assert.Equal(
            ["Channel started", "loss 0.5", "careful", "broken", "detail"], _heard.Take(5).Select(message => message.RawMessage));
        Assert.StartsWith("Channel finished. Elapsed 00:00:", _heard[5].RawMessage, StringComparison.Ordinal);
        Assert.Equal("Channel disposed", _heard[6].RawMessage);
        Assert.Equal("[Source=Trainer; Epoch, Kind=Info] loss 0.5", _heard[1].Message);
    }

    [Fact]
    public void Log_OfTheContextsChannel_HasTheChannelsName()
    {
        using (var channel = ((IHostEnvironment)_ml).Start("Alone"))
            channel.Info(MessageSensitivity.None, "text");

        Assert.Equal("Alone", _heard[1].Source);
    }

    [Fact]
    public void Log_OfANestedHost_LeavesOutItsParent()
    {
        var outer = ((IHostEnvironment)_ml).Register("Outer");
        var middle = outer.Register("Middle");
        var inner = middle.Register("Inner");

        outer.Start("1").Dispose();
        middle.Start("2").Dispose();
        inner.Start("3").Dispose();

        Assert.Equal(["Outer; 1", "Middle; 2", "Outer; Inner; 3"], _heard.Select(message => message.Source).Distinct());
    }

    [Fact]
    public void Message_WithoutArguments_MayHoldBraces()
    {
        using var channel = ((IHostEnvironment)_ml).Start("Alone");
        channel.Info(MessageSensitivity.None, "{\"loss\": 1}");

        Assert.Equal("{\"loss\": 1}", _heard[1].RawMessage);
    }

    [Fact]
    public void Channel_DisposedTwice_SaysSoOnce()
    {
        var channel = ((IHostEnvironment)_ml).Start("Alone");

        channel.Dispose();
        channel.Dispose();
        channel.Info(MessageSensitivity.None, "still heard");

        Assert.Equal(["Channel disposed", "still heard"], _heard.Skip(2).Select(message => message.RawMessage));
    }

    [Fact]
    public void Progress_ReachesNobody()
    {
        using (var progress = ((IHostEnvironment)_ml).Register("Trainer").StartProgressChannel("Training"))
        {
            progress.SetHeader(new ProgressHeader(["loss"], ["epochs"]), entry => entry.SetProgress(0, 1, 2));
            progress.Checkpoint(0.5, 1, 2);
        }

        Assert.Empty(_heard);
    }

    [Fact]
    public void Progress_WithMoreValuesThanItsHeader_Throws()
    {
        using var progress = ((IHostEnvironment)_ml).StartProgressChannel("Training");
        progress.SetHeader(new ProgressHeader(["loss"], ["epochs"]), _ => { });

        progress.Checkpoint(0.5);
        progress.Checkpoint(0.5, 1);
        progress.Checkpoint(0.5, 1, 2);
        progress.Checkpoint(null, 1);
        Assert.Throws<InvalidOperationException>(() => progress.Checkpoint(0.5, 1, 2, 3));
    }

    [Fact]
    public void Progress_AfterDispose_Throws()
    {
        var progress = ((IHostEnvironment)_ml).StartProgressChannel("Training");
        progress.Dispose();
        progress.Dispose();

        Assert.Throws<InvalidOperationException>(() => progress.Checkpoint());
    }

    [Fact]
    public void ProgressHeader_WithoutNames_IsEmpty()
    {
        Assert.Empty(new ProgressHeader(metricNames: null, unitNames: null).MetricNames);
        Assert.Equal(["rows"], new ProgressHeader("rows").UnitNames);
        Assert.Empty(new ProgressHeader("rows").MetricNames);
    }

    [Fact]
    public void Names_ThatAreEmpty_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ((IHostEnvironment)_ml).Register(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((IHostEnvironment)_ml).StartProgressChannel(""));
    }

    [Fact]
    public void Process_OfAnException_ReturnsIt()
    {
        var host = ((IHostEnvironment)_ml).Register("Trainer");
        var error = new FormatException("x");

        Assert.Same(error, host.Process(error));
        Assert.Equal("HostEnvironment", host.ContextDescription);
    }
}
