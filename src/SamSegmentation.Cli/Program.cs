using System.Runtime.InteropServices;
using SamSegmentation.Cli;
using SamSegmentation.Cli.Commands;
using Spectre.Console;

var output = Console.IsOutputRedirected
    ? CommandOutput.Plain(Console.Out, Console.Error)
    : CommandOutput.OnTerminal(AnsiConsole.Console, Console.Error, !Console.IsErrorRedirected);

if (!Console.IsInputRedirected && !Console.IsErrorRedirected)
{
    output = output with
    {
        Ask = question =>
        {
            Console.Error.Write(question);
            return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
        },
    };
}

// The first Ctrl-C lets the step that runs end and keeps what there is; the second ends the process at once.
using var cancellation = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

return await SamSegCommandLine.RunAsync(args, output, cancellation.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    if (cancellation.IsCancellationRequested)
    {
        if (!Console.IsOutputRedirected)
            AnsiConsole.Cursor.Show(); // the bar has hidden it
        ImmediateExit.With(ExitCode.Cancelled);
    }
    output.Warn("stopping after this step; once more stops at once");
    cancellation.Cancel();
}
