using Microsoft.Playwright;
using SamSegmentation.Cli.Tests;
using SamSegmentation.ML.Imaging;
using Xunit;

namespace SamSegmentation.Samples.Tests.Web;

/// <summary>The page as a visitor uses it.</summary>
[Collection(nameof(WholeProcess))]
public class WebDemoTests(WebDemoServer server)
{
    private const int WideAsAPhone = 360;

    private static readonly string s_photo = RepositoryFiles.PathOf("samples/data/scenes/img/val/scene_00034.jpg");

    [Fact]
    public async Task Choose_APhotograph_ShowsMaskLegendAndShares()
    {
        var page = await server.OpenAsync();
        await Segment(page, s_photo);

        var image = RgbImage.Load(s_photo);
        Assert.Equal(image.Width, await page.EvaluateAsync<int>("document.getElementById('mask').width"));
        Assert.True(await page.EvaluateAsync<int>(ColoredPixels) > 0);
        Assert.Contains($"{image.Width} × {image.Height} pixels", await page.Locator("#caption").InnerTextAsync(), StringComparison.Ordinal);
        var rows = await page.Locator("#classes tr").AllInnerTextsAsync();
        Assert.True(rows.Count >= 2, string.Join('\n', rows));
        Assert.Contains(rows, row => row.StartsWith("background", StringComparison.Ordinal));
        Assert.Equal(100, rows.Sum(row => double.Parse(row.Split('\t')[^1].Replace(" %", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture)), 0.3);
        Assert.Contains("ball, crate, tree", await page.Locator("#model").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_TheMask_IsAPaletteImageOfClassIds()
    {
        var page = await server.OpenAsync();
        await Segment(page, s_photo);

        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("#download").ClickAsync());

        Assert.Equal("scene_00034-mask.png", download.SuggestedFilename);
        var map = LabelMapPng.Load(await download.PathAsync());
        var image = RgbImage.Load(s_photo);
        Assert.Equal((image.Height, image.Width), (map.Height, map.Width));
        Assert.All(map.Ids, id => Assert.InRange(id, 0, 6));
        Assert.Equal(map.Ids.Count(id => id != 0), await page.EvaluateAsync<int>(ColoredPixels));
    }

    [Fact]
    public async Task Keyboard_Alone_ChoosesAndSetsTheOpacity()
    {
        var page = await server.OpenAsync();
        await page.Locator("body").PressAsync("Tab");
        Assert.Equal("file", await page.EvaluateAsync<string>("document.activeElement.id"));
        var chooser = await page.OpenDialogByKeyAsync();
        await chooser.SetFilesAsync(s_photo);
        await page.Locator("#result").WaitForAsync();

        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("End");
        Assert.Equal("1", await page.EvaluateAsync<string>("getComputedStyle(document.getElementById('mask')).opacity"));
        Assert.Equal("100 %", await page.Locator("#percent").InnerTextAsync());
        await page.Keyboard.PressAsync("Home");
        Assert.Equal("0", await page.EvaluateAsync<string>("getComputedStyle(document.getElementById('mask')).opacity"));
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("download", await page.EvaluateAsync<string>("document.activeElement.id"));
    }

    [Fact]
    public async Task Drop_APhotograph_SegmentsIt()
    {
        var page = await server.OpenAsync();
        var bytes = Convert.ToBase64String(await File.ReadAllBytesAsync(s_photo, TestContext.Current.CancellationToken));
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
        var page = await server.OpenAsync(WideAsAPhone, 740);
        await Segment(page, s_photo);

        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= WideAsAPhone);
        var (photo, slider) = (await page.Locator("#photo").BoundingBoxAsync(), await page.Locator("#opacity").BoundingBoxAsync());
        Assert.True(slider!.Y > photo!.Y + photo.Height);
    }

    [Theory]
    [InlineData("notes.txt", "no picture at all", "image in memory")]
    [InlineData("empty.jpg", "", "empty")]
    [InlineData("cut.jpg", null, "image in memory")]
    public async Task Choose_ABadFile_SaysWhatIsWrong(string name, string? text, string expected)
    {
        var page = await server.OpenAsync();
        byte[] content = text is null ? File.ReadAllBytes(s_photo)[..600] : System.Text.Encoding.UTF8.GetBytes(text);

        await page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = content });
        await page.Locator("#error").WaitForAsync();

        var message = await page.Locator("#error").InnerTextAsync();
        Assert.StartsWith($"{name}: ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.False(await page.Locator("#result").IsVisibleAsync());
    }

    private const string ColoredPixels = """
        (() => {
          const mask = document.getElementById('mask');
          const pixels = mask.getContext('2d').getImageData(0, 0, mask.width, mask.height).data;
          let count = 0;
          for (let i = 3; i < pixels.length; i += 4) if (pixels[i] > 0) count++;
          return count;
        })()
        """;

    private static async Task Segment(IPage page, string photo)
    {
        await page.Locator("#file").SetInputFilesAsync(photo);
        await page.Locator("#result").WaitForAsync();
        await page.PhotographAsync(TestContext.Current.TestMethod!.MethodName);
    }
}
