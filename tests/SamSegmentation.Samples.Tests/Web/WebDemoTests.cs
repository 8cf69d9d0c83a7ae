using System.Text;
using Microsoft.Playwright;
using SamSegmentation.ML.Imaging;
using Xunit;

namespace SamSegmentation.Samples.Tests.Web;

/// <summary>The page as a visitor uses it.</summary>
[Collection(nameof(WholeProcess))]
public sealed class WebDemoTests(WebDemoServer server) : PageTests
{
    [Fact]
    public async Task Choose_APhotograph_ShowsMaskLegendAndShares()
    {
        var page = await OpenAsync();
        await SegmentAsync(page);

        var image = RgbImage.Load(Photo);
        Assert.Equal(image.Width, await page.EvaluateAsync<int>("document.getElementById('mask').width"));
        Assert.True(await page.EvaluateAsync<int>(ColoredPixels) > 0);
        Assert.Contains($"{image.Width} × {image.Height} pixels", await page.Locator("#caption").InnerTextAsync(), StringComparison.Ordinal);
        var rows = await AssertSharesAsync(page);
        Assert.True(rows.Count >= 2, string.Join('\n', rows));
        Assert.Contains("ball, crate, tree", await page.Locator("#model").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_TheMask_IsAPaletteImageOfClassIds()
    {
        var page = await OpenAsync();
        await SegmentAsync(page);

        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("#download").ClickAsync());

        Assert.Equal("scene_00034-mask.png", download.SuggestedFilename);
        var map = LabelMapPng.Load(await download.PathAsync());
        var image = RgbImage.Load(Photo);
        Assert.Equal((image.Height, image.Width), (map.Height, map.Width));
        Assert.All(map.Ids, id => Assert.InRange(id, 0, 6));
        Assert.Equal(map.Ids.Count(id => id != 0), await page.EvaluateAsync<int>(ColoredPixels));
    }

    [Theory]
    [InlineData("notes.txt", "no picture at all", "image in memory")]
    [InlineData("empty.jpg", "", "empty")]
    [InlineData("cut.jpg", null, "image in memory")]
    public Task Choose_ABadFile_SaysWhatIsWrong(string name, string? text, string expected) =>
        AssertBadFileAsync(name, text is null ? File.ReadAllBytes(Photo)[..600] : Encoding.UTF8.GetBytes(text), expected);

    protected override Task<IPage> OpenAsync(int width = 1100, int height = 800) => server.OpenAsync(width, height);

    protected override async Task LeaveTheSliderAsync(IPage page)
    {
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("download", await page.EvaluateAsync<string>("document.activeElement.id"));
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
}
