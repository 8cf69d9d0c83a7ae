using System.Runtime.InteropServices;
using SamSegmentation.Demo;
using Spectre.Console;

const int Done = 0, Failed = 1, BadUsage = 2, Cancelled = 130;

// The first Ctrl-C lets the step in hand end and keeps what was trained; the second ends the process at once.
using var cancellation = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
{
    signal.Cancel = true;
    if (cancellation.IsCancellationRequested)
        Environment.Exit(Cancelled);
    Console.Error.WriteLine("demo: stopping after this step; once more stops at once");
    cancellation.Cancel();
});

var display = new DemoDisplay(Console.Out, Console.IsOutputRedirected ? null : AnsiConsole.Console);
var command = DemoCommandLine.Create(
    options => Guard(() => new DemoRun(options, display).Run(cancellation.Token)),
    options => Guard(() => new Pretraining(options, display).Run(cancellation.Token)));

var parsed = command.Parse(args);
foreach (var error in parsed.Errors)
    Console.Error.WriteLine($"demo: {error.Message}");
return parsed.Errors.Count > 0 ? BadUsage : parsed.Invoke(new() { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });

int Guard(Action work)
{
    try
    {
        work();
        return Done;
    }
    catch (OperationCanceledException stopped) when (cancellation.IsCancellationRequested)
    {
        Console.Error.WriteLine($"demo: {stopped.Message}");
        return Cancelled;
    }
    catch (Exception failure)
    {
        Console.Error.WriteLine($"demo: {failure.Message}");
        return Failed;
    }
}
