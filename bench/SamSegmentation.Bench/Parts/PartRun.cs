using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Perfolizer.Horology;
using SamSegmentation.Bench.Measuring;
using SamSegmentation.Bench.Subjects;

namespace SamSegmentation.Bench.Parts;

/// <summary>Runs a class of benchmarks by BenchmarkDotNet, in this process: a generated project would not know the stack.</summary>
internal static class PartRun
{
    /// <summary>Seconds of one operation of each benchmark, by its method's name.</summary>
    internal static IReadOnlyDictionary<string, double> Seconds<T>(Effort effort)
    {
        using var folder = new TemporaryFolder();
        var job = effort switch
        {
            Effort.Smallest => Job.Dry,
            Effort.Quick => Short(iterations: 5, milliseconds: 100),
            _ => Short(iterations: 15, milliseconds: 250),
        };
        var config = new ManualConfig()
            .AddJob(job.WithToolchain(InProcessNoEmitToolchain.Instance))
            .AddLogger(NullLogger.Instance)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .WithArtifactsPath(folder.Path)
            .WithOptions(ConfigOptions.DisableOptimizationsValidator | ConfigOptions.DisableLogFile);
        var summary = BenchmarkRunner.Run<T>(config);
        var failed = summary.Reports.Where(report => report.ResultStatistics is null).Select(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name).ToArray();
        return failed.Length == 0 && summary.Reports.Length > 0
            ? summary.Reports.ToDictionary(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name, report => report.ResultStatistics!.Median / 1e9)
            : throw new InvalidOperationException($"BenchmarkDotNet has no results of {typeof(T).Name}: {string.Join(", ", failed)} {string.Join(' ', summary.ValidationErrors)}");
    }

    private static Job Short(int iterations, int milliseconds) =>
        Job.Default.WithWarmupCount(2).WithIterationCount(iterations).WithIterationTime(TimeInterval.FromMilliseconds(milliseconds));
}
