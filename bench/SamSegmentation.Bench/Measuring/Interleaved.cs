using System.Diagnostics;

namespace SamSegmentation.Bench.Measuring;

/// <summary>
/// Times several works in turn, round after round, so that whatever else the machine does meets all of them alike and
/// their ratios hold.
/// </summary>
internal static class Interleaved
{
    /// <summary>The medians over the rounds; a first round, in which caches and memory warm up, is not counted.</summary>
    /// <param name="rounds">At least 1.</param>
    /// <param name="works">The works.</param>
    internal static Timing[] Time(int rounds, params Action[] works)
    {
        var timings = works.Select(_ => new List<Timing>(rounds)).ToArray();
        for (var round = -1; round < rounds; round++)
        {
            for (var i = 0; i < works.Length; i++)
            {
                var timing = Once(works[i]);
                if (round >= 0)
                    timings[i].Add(timing);
            }
        }
        return Array.ConvertAll(timings, Timing.MedianOf);
    }

    /// <summary>Times a work once.</summary>
    internal static Timing Once(Action work)
    {
        var processor = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        work();
        return new Timing(Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }
}
