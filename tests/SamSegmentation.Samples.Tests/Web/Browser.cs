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

    /// <summary>Opens the file dialog of the element that has the focus, with the keyboard.</summary>
    /// <returns>The dialog.</returns>
    public static async Task<IFileChooser> OpenDialogByKeyAsync(this IPage page)
    {
        // A page that has not been painted yet swallows keys; and the dialog is caught only after the browser has been told to.
        var chosen = new TaskCompletionSource<IFileChooser>(TaskCreationOptions.RunContinuationsAsynchronously);
        page.FileChooser += (_, chooser) => chosen.TrySetResult(chooser);
        await page.EvaluateAsync("() => new Promise(painted => requestAnimationFrame(() => requestAnimationFrame(painted)))");
        await page.Keyboard.PressAsync("Enter");
        return await chosen.Task.WaitAsync(TimeSpan.FromSeconds(30));
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
