using Microsoft.Playwright;

namespace SamSegmentation.Samples.Tests.Web;

/// <summary>A headless browser of this machine.</summary>
internal static class Browser
{
    // Debian's, and what other systems call them.
    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"];

    /// <summary>Starts it.</summary>
    /// <exception cref="InvalidOperationException">There is none on the PATH.</exception>
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        var path = Find() ?? throw new InvalidOperationException($"A browser is needed: expected one of {string.Join(", ", s_names)} on the PATH, found none (apt-get install chromium).");
        return playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = path, Args = ["--no-sandbox", "--disable-gpu"] });
    }

    /// <summary>Saves what a page is like at this moment, for people to look at, where they ask for it.</summary>
    public static async Task PhotographAsync(this IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("SAMSEG_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => s_names.SelectMany(name => new[] { Path.Combine(folder, name), Path.Combine(folder, $"{name}.exe") }))
            .FirstOrDefault(File.Exists);
}
