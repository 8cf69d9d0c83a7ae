using System.Globalization;
using Microsoft.Playwright;
using SamSegmentation.Cli.Tests;
using Xunit;

namespace SamSegmentation.Samples.Tests.Web;

/// <summary>What every page that segments photographs does for its visitors.</summary>
public abstract class PageTests
{
    private const int WideAsAPhone = 360;

    protected static string Photo { get; } = RepositoryFiles.PathOf("samples/data/scenes/img/val/scene_00034.jpg");

    [Fact]
    public async Task Keyboard_Alone_ChoosesAndSetsTheOpacity()
    {
        var page = await OpenAsync();
        await page.Locator("body").PressAsync("Tab");
        Assert.Equal("file", await page.EvaluateAsync<string>("document.activeElement.id"));
        var chooser = await page.OpenDialogByKeyAsync();
        await chooser.SetFilesAsync(Photo);
        await page.Locator("#result").WaitForAsync();

        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("End");
        Assert.Equal("1", await page.EvaluateAsync<string>("getComputedStyle(document.getElementById('mask')).opacity"));
        Assert.Equal("100 %", await page.Locator("#percent").InnerTextAsync());
        await page.Keyboard.PressAsync("Home");
        Assert.Equal("0", await page.EvaluateAsync<string>("getComputedStyle(document.getElementById('mask')).opacity"));
        await LeaveTheSliderAsync(page);
    }

    [Fact]
    public async Task Drop_APhotograph_SegmentsIt()
    {
        var page = await OpenAsync();
        var bytes = Convert.ToBase64String(await File.ReadAllBytesAsync(Photo, TestContext.Current.CancellationToken));
        await page.EvaluateAsync("""
            base64 => {
              const data = new DataTransfer();
              data.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], 'dropped.jpg', { type: 'image/jpeg' }));
              document.getElementById('drop').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
            }
            """, bytes);
        await page.Locator("#result").WaitForAsync();

        Assert.Contains("dropped.jpg", await page.Locator("#caption").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PhoneWidth_WithAResult_NeedsNoSidewaysScrolling()
    {
        var page = await OpenAsync(WideAsAPhone, 740);
        await SegmentAsync(page);

        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= WideAsAPhone);
        var (photo, slider) = (await page.Locator("#photo").BoundingBoxAsync(), await page.Locator("#opacity").BoundingBoxAsync());
        Assert.True(slider!.Y > photo!.Y + photo.Height);
    }

    protected abstract Task<IPage> OpenAsync(int width = 1100, int height = 800);

    /// <summary>Goes on with the keyboard from the opacity's slider, if the page has something behind it.</summary>
    protected virtual Task LeaveTheSliderAsync(IPage page) => Task.CompletedTask;

    /// <summary>Chooses the sample photograph and waits for its classes.</summary>
    protected async Task SegmentAsync(IPage page)
    {
        await page.Locator("#file").SetInputFilesAsync(Photo);
        await page.Locator("#result").WaitForAsync();
        await page.PhotographAsync($"{GetType().Name}_{TestContext.Current.TestMethod!.MethodName}");
    }

    /// <summary>Asserts that the shares of the classes, the background's among them, add up to all pixels.</summary>
    /// <returns>The rows.</returns>
    protected static async Task<IReadOnlyList<string>> AssertSharesAsync(IPage page)
    {
        var rows = await page.Locator("#classes tr").AllInnerTextsAsync();
        Assert.Contains(rows, row => row.StartsWith("background", StringComparison.Ordinal));
        Assert.Equal(100, rows.Sum(row => double.Parse(row.Split('\t')[^1].Replace(" %", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)), 0.3);
        return rows;
    }

    /// <summary>Asserts that a file which is no photograph gets a message that names it, and no result.</summary>
    protected async Task AssertBadFileAsync(string name, byte[] content, string expected)
    {
        var page = await OpenAsync();

        await page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = content });
        await page.Locator("#error").WaitForAsync();

        var message = await page.Locator("#error").InnerTextAsync();
        Assert.StartsWith($"{name}: ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.False(await page.Locator("#result").IsVisibleAsync());
    }
}
