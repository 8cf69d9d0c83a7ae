using System.Runtime.InteropServices;
using SamSegmentation.Cli;
using Spectre.Console;

// The first Ctrl-C lets the step that runs end and keeps what there is; the second ends the process at once.
using var cancellation = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

return Console.IsOutputRedirected
    ? await SamSegCommandLine.RunAsync(args, Console.Out, Console.Error, cancellation.Token)
    : await SamSegCommandLine.RunAsync(args, AnsiConsole.Console, Console.Error, cancellation.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    if (cancellation.IsCancellationRequested)
        Environment.Exit(ExitCode.Cancelled);
    Console.Error.WriteLine("samseg: stopping after this step; once more stops at once");
    cancellation.Cancel();
}
