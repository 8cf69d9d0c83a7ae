using System.Globalization;
using System.Text.Json;
using SamSegmentation.ML.Training.Logging;
using Xunit;

namespace SamSegmentation.ML.Tests.Training.Logging;

public sealed class JsonLinesLogTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string LogPath => Path.Combine(_folder.Root, "runs", "log.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_ObjectsAndDictionaries_AreOneLineEach()
    {
        using (var log = new JsonLinesLog(LogPath))
        {
            log.Write(new { Step = 3, TrainLoss = 0.25, Kind = DayOfWeek.Monday, Note = "two\nlines, é" });
            log.Write(new Dictionary<string, object?> { ["val_mIoU"] = 0.5, ["best"] = null });
        }

        Assert.Equal(
            "{\"step\":3,\"trainLoss\":0.25,\"kind\":\"Monday\",\"note\":\"two\\nlines, é\"}\n{\"val_mIoU\":0.5,\"best\":null}\n",
            File.ReadAllText(LogPath));
    }

    [Fact]
    public void Write_NotFinite_IsNamed()
    {
        using (var log = new JsonLinesLog(LogPath))
            log.Write(new { A = double.NaN, B = double.PositiveInfinity, C = float.NegativeInfinity });

        Assert.Equal("""{"a":"NaN","b":"Infinity","c":"-Infinity"}""" + "\n", File.ReadAllText(LogPath));
    }

    [Fact]
    public void Write_OtherCulture_WritesInvariantNumbers()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = culture;
            using var log = new JsonLinesLog(LogPath);
            log.Write(new { A = 1.5 });
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        Assert.Equal("{\"a\":1.5}\n", File.ReadAllText(LogPath));
    }

    [Fact]
    public void Write_OpenLog_IsReadableAtOnce()
    {
        using var log = new JsonLinesLog(LogPath);
        log.Write(new { A = 1 });
        Assert.Equal("{\"a\":1}\n", ReadShared());
        log.Write(new { A = 2 });
        Assert.Equal("{\"a\":1}\n{\"a\":2}\n", ReadShared());
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("{\"a\":1}\n", "{\"a\":1}\n")]
    [InlineData("{\"a\":1}", "{\"a\":1}\n")]
    [InlineData("{\"a\":1}\n{\"a\":", "{\"a\":1}\n")]
    [InlineData("{\"a", "")]
    public void Constructor_ExistingLog_GoesOnAfterTheLastWholeLine(string existing, string kept)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LogPath)!);
        File.WriteAllText(LogPath, existing);

        using (var log = new JsonLinesLog(LogPath))
            log.Write(new { B = 2 });

        Assert.Equal(kept + "{\"b\":2}\n", File.ReadAllText(LogPath));
    }

    [Theory]
    [InlineData(4094)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(20_000)]
    public void Constructor_LongTornLine_IsRemoved(int length)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LogPath)!);
        File.WriteAllText(LogPath, "{\"a\":1}\n{\"b\":\"" + new string('x', length));

        using (new JsonLinesLog(LogPath))
        {
        }

        Assert.Equal("{\"a\":1}\n", File.ReadAllText(LogPath));
    }

    [Fact]
    public void Constructor_FileThatIsNoLog_IsRefusedAndKept()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LogPath)!);
        File.WriteAllText(LogPath, "dear diary");

        var error = Assert.Throws<InvalidDataException>(() => new JsonLinesLog(LogPath));

        Assert.Contains(LogPath, error.Message);
        Assert.Equal("dear diary", File.ReadAllText(LogPath));
    }

    [Fact]
    public void Write_NotAnObject_ThrowsAndWritesNothing()
    {
        using var log = new JsonLinesLog(LogPath);
        Assert.Contains("System.Int32[]", Assert.Throws<ArgumentException>(() => log.Write(new[] { 1 })).Message);
        Assert.Throws<ArgumentException>(() => log.Write("text"));
        Assert.Equal("", ReadShared());
    }

    [Fact]
    public void Write_FromManyThreads_KeepsLinesWhole()
    {
        using (var log = new JsonLinesLog(LogPath))
            Parallel.For(0, 500, i => log.Write(new { I = i }));

        Assert.Equal(
            Enumerable.Range(0, 500),
            File.ReadAllLines(LogPath).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("i").GetInt32()).Order());
    }

    [Fact]
    public void Write_AfterDispose_Throws()
    {
        var log = new JsonLinesLog(LogPath);
        log.Dispose();
        log.Dispose();
        Assert.Throws<ObjectDisposedException>(() => log.Write(new { A = 1 }));
    }

    private string ReadShared()
    {
        using var reader = new StreamReader(new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
