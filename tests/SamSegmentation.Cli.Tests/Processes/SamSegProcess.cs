using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SamSegmentation.Cli.Tests.Processes;

/// <summary>The built program, run as a process of its own.</summary>
internal sealed class SamSegProcess : IDisposable
{
    // Far beyond what any of these runs takes; a test that hangs ends here instead of never.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly Lines _output = new();
    private readonly Lines _error = new();

    public SamSegProcess(params string[] args)
        : this([], args)
    {
    }

    private SamSegProcess(string[] within, string[] args)
    {
        // A shell starts background jobs with Ctrl-C ignored, and their children would inherit that from the tests.
        string[] command = OperatingSystem.IsLinux() ? [.. within, "env", "--default-signal=INT", "dotnet"] : [.. within, "dotnet"];
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], [.. command[1..], Path.Combine(AppContext.BaseDirectory, "samseg.dll"), .. args])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, line) => _output.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => _error.Add(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts it by a program that takes a command and its arguments, such as one that takes rights away.</summary>
    public static SamSegProcess Within(string[] program, params string[] args) => new(program, args);

    public string Output => _output.Text;

    public string Error => _error.Text;

    /// <summary>Sends Ctrl-C's signal.</summary>
    public void Interrupt() => Send(2);

    /// <summary>Sends the signal that asks a program to end.</summary>
    public void Terminate() => Send(15);

    /// <summary>Ends the process at once, whatever it does, as SIGKILL or a power cut would.</summary>
    /// <returns>False when it had ended by itself.</returns>
    public async Task<bool> KillAsync()
    {
        _process.Kill();
        await EndAsync();
        return _process.ExitCode != 0;
    }

    /// <summary>Whether the process has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Waits for a line of the results.</summary>
    public Task OutputAsync(string part) => _output.WaitAsync(part, s_patience);

    /// <summary>Waits for a line of the errors.</summary>
    public Task ErrorAsync(string part) => _error.WaitAsync(part, s_patience);

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private void Send(int signal)
    {
        if (Kill(_process.Id, signal) != 0 && !_process.HasExited)
            throw new InvalidOperationException($"The signal {signal} could not be sent: error {Marshal.GetLastPInvokeError()}.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);

    /// <summary>Lines as they come, to wait for.</summary>
    private sealed class Lines
    {
        private readonly List<string> _lines = [];
        private readonly List<(string Part, TaskCompletionSource Seen)> _waiting = [];

        public string Text
        {
            get
            {
                lock (_lines)
                    return string.Join('\n', _lines);
            }
        }

        public void Add(string? line)
        {
            lock (_lines)
            {
                if (line is null)
                {
                    foreach (var (part, seen) in _waiting)
                        seen.TrySetException(new InvalidOperationException($"The program ended without '{part}'; it wrote: {string.Join('\n', _lines)}"));
                    return;
                }
                _lines.Add(line);
                foreach (var (_, seen) in _waiting.Where(one => line.Contains(one.Part, StringComparison.Ordinal)))
                    seen.TrySetResult();
            }
        }

        public Task WaitAsync(string part, TimeSpan patience)
        {
            lock (_lines)
            {
                if (_lines.Any(line => line.Contains(part, StringComparison.Ordinal)))
                    return Task.CompletedTask;
                var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add((part, seen));
                return seen.Task.WaitAsync(patience);
            }
        }
    }
}
