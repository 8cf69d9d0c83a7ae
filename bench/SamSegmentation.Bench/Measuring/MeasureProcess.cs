using System.Diagnostics;
using System.Text.Json;

namespace SamSegmentation.Bench.Measuring;

/// <summary>Measures a thing in a process of its own, whose peak memory is that thing's.</summary>
internal static class MeasureProcess
{
    internal const double BytesPerMebibyte = 1 << 20;

    /// <summary>Starts this program again for one thing and waits for its figures.</summary>
    internal static MeasureResult Start(string name, Effort effort)
    {
        var clock = Stopwatch.StartNew();
        var file = Path.GetTempFileName();
        try
        {
            // Started as this process was: as "dotnet Bench.dll", or as a program of its own.
            var host = Environment.ProcessPath!;
            string[] program = Path.GetFileNameWithoutExtension(host) == "dotnet" ? [typeof(MeasureProcess).Assembly.Location] : [];
            var start = new ProcessStartInfo(host, [.. program, BenchCommandLine.MeasureCommand, name, effort.ToString(), file]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{host}' did not start.");
            var errors = process.StandardError.ReadToEndAsync();
            // What is measured may write what it likes; only the file counts.
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            var found = File.ReadAllText(file);
            return process.ExitCode == 0 && found.Length > 0
                ? new MeasureResult(name, JsonSerializer.Deserialize<Figure[]>(found)!, clock.Elapsed.TotalSeconds)
                : new MeasureResult(name, [], clock.Elapsed.TotalSeconds, $"ended with status {process.ExitCode} and {(found.Length > 0 ? "" : "no ")}figures: {errors.Result.Trim()}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Measures one thing in this process and writes its figures.</summary>
    internal static int Run(string name, Effort effort, string file)
    {
        var before = PeakMebibytes();
        var figures = AllMeasures.Find(null).Single(measure => measure.Name == name).Run(effort);
        var peak = PeakMebibytes();
        var memory = new Figure($"{name}: peak memory", peak, "MiB") { Ratio = peak / before, To = "the process at its start" };
        File.WriteAllText(file, JsonSerializer.Serialize<Figure[]>([.. figures, memory]));
        return 0;
    }

    /// <summary>The most physical memory that this process ever had (VmHWM on Linux).</summary>
    internal static double PeakMebibytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / BytesPerMebibyte;
    }
}
