using Microsoft.Playwright;

namespace SamSegmentation.Samples.Tests.Web;

/// <summary>
/// A headless browser of this machine. It has one window at a time: the keyboard, and a dialog that it opens, belong to the one
/// that has the focus.
/// </summary>
internal sealed class Browser : IAsyncDisposable
{
    // Debian's, and what other systems call them.
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private IBrowserContext? _window;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Starts it.</summary>
    /// <exception cref="InvalidOperationException">There is none on the PATH.</exception>
    public static async Task<Browser> LaunchAsync()
    {
        var path = Find() ?? throw new InvalidOperationException($"A browser is needed: expected one of {string.Join(", ", s_names)} on the PATH, found none (apt-get install chromium).");
        var playwright = await Playwright.CreateAsync();
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = ["--no-sandbox", "--disable-gpu"] }));
    }

    /// <summary>Closes the window before, if there is one, and opens another with workers and files of its own.</summary>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    public async Task<IPage> OpenWindowAsync(int width, int height)
    {
        if (_window is not null)
            await _window.CloseAsync();
        _window = await _browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = height } });
        return await _window.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        _playwright.Dispose();
    }

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => s_names.SelectMany(name => new[] { Path.Combine(folder, name), Path.Combine(folder, $"{name}.exe") }))
            .FirstOrDefault(File.Exists);
}
