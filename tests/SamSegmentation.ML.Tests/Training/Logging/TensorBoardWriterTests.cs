using System.Text;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Training.Logging;
using Xunit;

namespace SamSegmentation.ML.Tests.Training.Logging;

public sealed class TensorBoardWriterTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2024, 2, 29, 12, 30, 15, 250, TimeSpan.Zero);

    private readonly TestFolder _tree = new();

    private string Folder => _tree.Root;

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Constructor_NewFolder_MakesFileWithVersionEvent()
    {
        using var writer = new TensorBoardWriter(Path.Combine(Folder, "a", "b"), clock: new FixedClock(s_now));

        Assert.Matches($@"^events\.out\.tfevents\.1709209815\..+\.{Environment.ProcessId}\.\d+$", Path.GetFileName(writer.FilePath));
        var version = Assert.Single(EventFileReader.Read(writer.FilePath));
        Assert.Equal([1, 3], version.Fields);
        Assert.Equal("brain.Event:2", version.Text(3));
        Assert.Equal(1709209815.25, version.Double(1));
    }

    [Fact]
    public void AddScalar_SeveralValues_AreReadBack()
    {
        double[] values = [0.5, -1e-12, 0, double.NaN, double.PositiveInfinity, 1e300];
        using (var writer = new TensorBoardWriter(Folder, clock: new FixedClock(s_now)))
        {
            for (int i = 0; i < values.Length; i++)
                writer.AddScalar("train/lösses", values[i], i * 3_000_000_000L);
        }

        var events = EventFileReader.Read(Assert.Single(Directory.GetFiles(Folder)));
        Assert.Equal(1 + values.Length, events.Count);
        for (int i = 0; i < values.Length; i++)
        {
            var entry = events[i + 1];
            Assert.Equal(1709209815.25, entry.Double(1));
            if (i > 0)
                Assert.Equal(i * 3_000_000_000L, entry.Integer(2));
            var value = entry.Message(5).Message(1);
            Assert.Equal([1, 2], value.Fields);
            Assert.Equal("train/lösses", value.Text(1));
            Assert.Equal((float)values[i], value.Single(2));
        }
    }

    [Fact]
    public void AddImage_RgbImage_IsReadBackAsPng()
    {
        byte[] pixels = [.. Enumerable.Range(0, 5 * 7 * 3).Select(i => (byte)(i * 37))];
        using (var writer = new TensorBoardWriter(Folder))
            writer.AddImage("val/1", new RgbImage(5, 7, pixels), 12);

        var entry = EventFileReader.Read(Assert.Single(Directory.GetFiles(Folder)))[1];
        Assert.Equal(12, entry.Integer(2));
        var value = entry.Message(5).Message(1);
        Assert.Equal([1, 4], value.Fields);
        Assert.Equal("val/1", value.Text(1));
        var image = value.Message(4);
        Assert.Equal((5L, 7L, 3L), (image.Integer(1), image.Integer(2), image.Integer(3)));
        Assert.Equal(pixels, RgbImage.Decode(image.Bytes(4)).Pixels);
    }

    [Fact]
    public void Flush_OpenWriter_MakesEventsReadable()
    {
        using var writer = new TensorBoardWriter(Folder);
        writer.AddScalar("loss", 1, 1);
        Assert.Single(EventFileReader.Read(writer.FilePath));

        writer.Flush();

        Assert.Equal(2, EventFileReader.Read(writer.FilePath).Count);
    }

    [Fact]
    public void Constructor_SameFolderAndSecond_LeavesTheFirstFileAlone()
    {
        var clock = new FixedClock(s_now);
        using var first = new TensorBoardWriter(Folder, clock: clock);
        byte[] before = File.ReadAllBytes(first.FilePath);
        using var second = new TensorBoardWriter(Folder, purgeStep: 40, clock);

        Assert.Equal(2, Directory.GetFiles(Folder).Length);
        Assert.Equal(before, File.ReadAllBytes(first.FilePath));
        var start = EventFileReader.Read(second.FilePath)[1];
        Assert.Equal(40, start.Integer(2));
        Assert.Equal(1, start.Message(7).Integer(1));
    }

    [Fact]
    public void AddScalar_FromManyThreads_KeepsRecordsWhole()
    {
        using var writer = new TensorBoardWriter(Folder);
        Parallel.For(0, 2000, i => writer.AddScalar("t", i, i));
        writer.Flush();

        var steps = EventFileReader.Read(writer.FilePath).Skip(1).Select(entry => entry.Fields.Contains(2) ? entry.Integer(2) : 0);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => (long)i), steps.Order());
    }

    [Fact]
    public void AddScalar_AfterDispose_Throws()
    {
        var writer = new TensorBoardWriter(Folder);
        writer.Dispose();
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.AddScalar("loss", 1, 1));
        Assert.Throws<ObjectDisposedException>(writer.Flush);
    }

    [Fact]
    public void AddScalar_BlankTag_Throws()
    {
        using var writer = new TensorBoardWriter(Folder);
        Assert.Throws<ArgumentException>(() => writer.AddScalar(" ", 1, 1));
        Assert.Throws<ArgumentException>(() => writer.AddImage("", new RgbImage(1, 1, new byte[3]), 1));
    }

    [Fact]
    public void Crc32C_CheckValue_IsTheStandards() =>
        Assert.Equal(0xE3069283, EventFileReader.Crc32C(Encoding.ASCII.GetBytes("123456789")));
}
