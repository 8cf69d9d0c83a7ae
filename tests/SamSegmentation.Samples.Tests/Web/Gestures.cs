using Microsoft.Playwright;

namespace SamSegmentation.Samples.Tests.Web;

/// <summary>What people do with a page.</summary>
internal static class Gestures
{
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
}
