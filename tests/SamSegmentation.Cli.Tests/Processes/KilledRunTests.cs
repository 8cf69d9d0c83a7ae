using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace SamSegmentation.Cli.Tests.Processes;

/// <summary>
/// A run whose process is killed again and again, at moments that a seed chooses, ends as one that never was. The environment
/// variable SAMSEG_KILLS asks for more kills than the usual few.
/// </summary>
public sealed class KilledRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _command;

    public KilledRunTests()
    {
        _command =
        [
            "train", "--config", _folder.Write("train.yaml", TinyNetwork.Yaml), "--data", TinyScenes.Voc(_folder, training: 6),
            "--classes", _folder.Write("classes.txt", TinyScenes.ClassNames), "--cache-folder", _folder.PathOf("cache"),
            "--batch-size", "2", "--ema-decay", "0.9", "--log-every", "1", "--threads", "1", "--warmup-steps", "5",
        ];
    }

    private static int Kills => int.Parse(Environment.GetEnvironmentVariable("SAMSEG_KILLS") ?? "4", CultureInfo.InvariantCulture);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, "--train", "decoder")]
    [InlineData(4, "--train", "everything", "--flip-probability", "0.5", "--micro-batch-size", "1", "--optimizer", "sgd")]
    public async Task Train_KilledAtRandomMomentsAndResumed_LosesAFewStepsAndEndsAsIfItHadNotBeen(int checkpointEvery, params string[] how)
    {
        // Each kill comes after one to eight more lines of the log, of which an epoch has four.
        string[] command = [.. _command, .. how, "--epochs", $"{6 + 3 * Kills}", "--checkpoint-every", $"{checkpointEvery}"];
        var (whole, killed) = (_folder.PathOf("whole"), _folder.PathOf("killed"));
        using (var process = new SamSegProcess([.. command, "--run-folder", whole]))
            Assert.Equal((0, ""), (await process.EndAsync(), process.Error));
        var random = new Random(Kills);
        var (kills, taken) = (0, 0);

        while (kills < Kills)
        {
            using var process = new SamSegProcess([.. command, "--run-folder", killed, "--resume"]);
            await AtAMoment(process, Path.Combine(killed, "log.jsonl"), random);
            if (!await process.KillAsync())
                break;
            AssertLostFew(process.Output, taken, checkpointEvery);
            taken = StepsTaken(Path.Combine(killed, "log.jsonl"));
            kills++;
        }
        using (var process = new SamSegProcess([.. command, "--run-folder", killed, "--resume"]))
        {
            Assert.Equal((0, ""), (await process.EndAsync(), process.Error));
            AssertLostFew(process.Output, taken, checkpointEvery);
        }

        // A machine that is fast enough may come to the end before the last kills.
        Assert.InRange(kills, 1, Kills);
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills");
        Assert.Equal(Log(whole), Log(killed));
        foreach (var file in new[] { "best.safetensors", "last.safetensors", "model.safetensors" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, file)), File.ReadAllBytes(Path.Combine(killed, file)));
        Assert.Empty(Directory.GetFiles(killed, "*.tmp", SearchOption.AllDirectories));
    }

    // Once the log has grown by some lines, and a little later, so that any place in a step, a validation or a file can be hit.
    private static async Task AtAMoment(SamSegProcess process, string log, Random random)
    {
        var (start, lines, later) = (Lines(log), random.Next(1, 9), random.Next(20));
        // What a kill has left beyond the state is cut off when the run goes on.
        while (!process.HasEnded && Lines(log) is var now && now < start + lines)
        {
            start = Math.Min(start, now);
            await Task.Delay(1);
        }
        await Task.Delay(later);
    }

    // Nothing is said by a run that was killed before it went on.
    private static void AssertLostFew(string output, int taken, int checkpointEvery)
    {
        if (Regex.Match(output, "the run goes on: [0-9]+ epoch\\(s\\), ([0-9]+) step\\(s\\)") is { Success: true } resumed)
            Assert.InRange(int.Parse(resumed.Groups[1].Value, CultureInfo.InvariantCulture), Math.Max(0, taken - checkpointEvery), taken);
    }

    // A step is logged before the state that holds it is written, so that one more may be lost than lie between two states.
    private static int StepsTaken(string log) =>
        !File.Exists(log)
            ? 0
            : File.ReadLines(log)
                .Where(line => line.StartsWith("{\"event\":\"step\"", StringComparison.Ordinal) && line.EndsWith('}'))
                .Select(line => (int)JsonNode.Parse(line)!["step"]!)
                .LastOrDefault();

    private static int Lines(string log)
    {
        if (!File.Exists(log))
            return 0;
        using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        return bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).Count((byte)'\n');
    }

    // Without times, and the places where the run went on; the first line's options name the folder.
    private static List<string> Log(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "log.jsonl"))
            .Select(line => JsonNode.Parse(line)!.AsObject())
            .Where(line => (string?)line["event"] is not ("resume" or "start"))
            .Select(line => string.Join(' ', line.Where(pair => pair.Key != "time").Select(pair => $"{pair.Key}:{pair.Value?.ToJsonString()}")))];
}
