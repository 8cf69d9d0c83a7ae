using System.CommandLine;
using System.Diagnostics;
using SamSegmentation.Bench.Measuring;
using SamSegmentation.Bench.Reporting;

namespace SamSegmentation.Bench;

/// <summary>The whole program, apart from its process.</summary>
internal static class BenchCommandLine
{
    /// <summary>The command that measures one thing in this process; the program starts itself with it.</summary>
    internal const string MeasureCommand = "measure";

    internal static RootCommand Create(TextWriter output)
    {
        var word = new Argument<string?>("word") { Description = "Measure only what has this word in its name.", Arity = ArgumentArity.ZeroOrOne };
        var quick = new Option<bool>("--quick") { Description = "Fewer rounds and smaller jobs: under three minutes on two cores." };
        var file = new Option<string>("--output") { Description = "The file for the figures.", DefaultValueFactory = _ => Path.Combine("artifacts", "bench.json") };
        var root = new RootCommand("Measures the library's speed; every figure is also a ratio to something measured in the same process.") { word, quick, file, CreateMeasure() };
        root.SetAction(parsed => Run(parsed.GetValue(word), parsed.GetValue(quick) ? Effort.Quick : Effort.Full, parsed.GetValue(file)!, output));
        return root;
    }

    private static Command CreateMeasure()
    {
        var name = new Argument<string>("name");
        var effort = new Argument<Effort>("effort");
        var result = new Argument<string>("result");
        var command = new Command(MeasureCommand, "Measures one thing in this process.") { name, effort, result };
        command.Hidden = true;
        command.SetAction(parsed => MeasureProcess.Run(parsed.GetValue(name)!, parsed.GetValue(effort), parsed.GetValue(result)!));
        return command;
    }

    private static int Run(string? word, Effort effort, string file, TextWriter output)
    {
        var chosen = AllMeasures.Find(word);
        if (chosen.Count == 0)
        {
            output.WriteLine($"Nothing that is measured has '{word}' in its name; there are {string.Join(", ", AllMeasures.Find(null).Select(measure => measure.Name))}.");
            return 2;
        }
        var clock = Stopwatch.StartNew();
        var results = new List<MeasureResult>();
        foreach (var measure in chosen)
        {
            output.WriteLine($"measuring {measure.Name} …");
            results.Add(MeasureProcess.Start(measure.Name, effort));
            // After each: what was measured is kept, whatever becomes of the rest.
            BenchReport.Write(file, effort, results);
        }
        output.WriteLine();
        output.Write(FigureTable.Render(results));
        output.WriteLine($"\n{Path.GetFullPath(file)}, after {clock.Elapsed.TotalSeconds:F0} s");
        return results.Any(result => result.Error is not null) ? 1 : 0;
    }
}
