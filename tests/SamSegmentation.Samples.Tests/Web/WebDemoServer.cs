using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SamSegmentation.Samples.Tests.Web;
using Xunit;

[assembly: AssemblyFixture(typeof(WebDemoServer))]

namespace SamSegmentation.Samples.Tests.Web;

/// <summary>samples/WebDemo as a process of its own on a free port, and a headless browser that looks at it.</summary>
public sealed partial class WebDemoServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("samseg-web-").FullName;
    private readonly Lazy<Task> _started;
    private Process? _process;
    private Browser? _browser;

    public WebDemoServer() => _started = new Lazy<Task>(StartAsync);

    /// <summary>The page's address, after <see cref="OpenAsync"/>.</summary>
    public string Address { get; private set; } = "";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Opens the page in a browser window of its own.</summary>
    public async Task<IPage> OpenAsync(int width = 1100, int height = 800)
    {
        await _started.Value;
        var page = await _browser!.OpenWindowAsync(width, height);
        await page.GotoAsync(Address);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
    {
        _process = Process.Start(new ProcessStartInfo("dotnet", [ProgramPath(), "--Model", SmallModel.WriteTo(_folder), "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = _process.StandardError.ReadToEndAsync();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                Address = match.Groups[1].Value;
                break;
            }
        }
        if (Address.Length == 0)
            throw new InvalidOperationException($"The server did not start: {await errors}");
        // What it writes must be taken, or it stops when the pipe is full.
        _ = _process.StandardOutput.ReadToEndAsync();
        _browser = await Browser.LaunchAsync();
    }

    private static string ProgramPath()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, "SamSegmentation.WebDemo", own.Name, "SamSegmentation.WebDemo.dll");
    }

    [GeneratedRegex("Now listening on: (http://[^ ]+)")]
    private static partial Regex Listening();
}
