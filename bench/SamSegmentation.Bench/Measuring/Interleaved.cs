using System.Diagnostics;

namespace SamSegmentation.Bench.Measuring;

/// <summary>
/// Times several works in turn, round after round, so that whatever else the machine does meets all of them alike and
/// their ratios hold.
/// </summary>
internal static class Interleaved
{
    /// <summary>What each took, round by round; a first round, in which caches and memory warm up, is not counted.</summary>
    /// <param name="rounds">At least 1.</param>
    /// <param name="works">The works.</param>
    internal static Timing[] Time(int rounds, params Action[] works)
    {
        foreach (var work in works)
            work();
        return TimeWarm(rounds, works);
    }

    /// <summary>The same, where all rounds count: for works that were warmed up by less than a round.</summary>
    /// <param name="rounds">At least 1.</param>
    /// <param name="works">The works.</param>
    internal static Timing[] TimeWarm(int rounds, params Action[] works)
    {
        var timings = works.Select(_ => new List<Timing>(rounds)).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < works.Length; i++)
                timings[i].Add(Once(works[i]));
        }
        return Array.ConvertAll(timings, Timing.Of);
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
