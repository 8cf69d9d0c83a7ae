using System.Text;
using Microsoft.Playwright;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;
using Xunit;

namespace SamSegmentation.Samples.Tests.Web;

/// <summary>The page that runs the network in the browser, as a visitor uses it.</summary>
[Collection(nameof(WholeProcess))]
public sealed class WebOnnxTests(WebOnnxPage site) : PageTests
{
    [Fact]
    public async Task Choose_APhotograph_ShowsTheClassesThatTheLibraryPredicts()
    {
        var page = await OpenAsync();
        await SegmentAsync(page);

        var image = RgbImage.Load(Photo);
        using var model = SegmentationModel.Load(site.Model);
        var expected = new SegmentationPredictor(model.Network, model.Preprocessing).Predict(image).Labels;
        var colors = await page.EvaluateAsync<string[]>(MaskAtPhotographSize, new[] { image.Width, image.Height });
        var names = expected.Ids.Select(id => id == 0 ? "" : Hex(ColorMap.Voc[id]));
        var equal = names.Zip(colors, (one, other) => one == other).Count(same => same) / (double)colors.Length;
        Assert.True(equal > 0.97, $"{equal:P1} of the pixels have the class that the library predicts");
        // The mask lies on the photograph, to the pixel.
        var (photo, mask) = (await page.Locator("#photo").BoundingBoxAsync(), await page.Locator("#mask").BoundingBoxAsync());
        Assert.Equal((photo!.X, photo.Y, photo.Width, photo.Height), (mask!.X, mask.Y, mask.Width, mask.Height));
        Assert.Equal((double)image.Width / image.Height, photo.Width / photo.Height, 0.01);
        Assert.Contains($"{image.Width} × {image.Height} pixels", await page.Locator("#caption").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("ball, crate, tree", await page.Locator("#model").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choose_APhotograph_ShowsSharesAndTimes()
    {
        var page = await OpenAsync();
        await SegmentAsync(page);

        await AssertSharesAsync(page);
        var times = await page.Locator("#times tr").AllInnerTextsAsync();
        Assert.Equal(["Decode and resize", "Network", "Draw"], times.Select(row => row.Split('\t')[0]));
        Assert.All(times, row => Assert.Matches(@"\t[\d,]+ ms$", row));
    }

    [Fact]
    public async Task Choose_ATallPhotograph_KeepsItsProportions()
    {
        var page = await OpenAsync();
        var photo = await page.EvaluateAsync<string>("""
            (() => {
              const canvas = document.createElement('canvas');
              [canvas.width, canvas.height] = [50, 333];
              canvas.getContext('2d').fillRect(10, 10, 20, 200);
              return canvas.toDataURL('image/png').split(',')[1];
            })()
            """);
        await page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = "tall.png", MimeType = "image/png", Buffer = Convert.FromBase64String(photo) });
        await page.Locator("#result").WaitForAsync();

        Assert.Contains("50 × 333 pixels", await page.Locator("#caption").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(50 / 333.0, await page.EvaluateAsync<double>("(() => { const mask = document.getElementById('mask'); return mask.width / mask.height; })()"), 0.01);
    }

    [Theory]
    [InlineData("notes.txt", "no picture at all", "cannot read it as a picture")]
    [InlineData("empty.jpg", "", "the file is empty")]
    public Task Choose_ABadFile_SaysWhatIsWrong(string name, string text, string expected) =>
        AssertBadFileAsync(name, Encoding.UTF8.GetBytes(text), expected);

    [Theory]
    [InlineData("missing.onnx", null, "the server answered 404")]
    [InlineData("foreign.onnx", "", "found no samsegmentation.form in it")]
    [InlineData("text.onnx", "certainly no model", "expected an ONNX file")]
    public async Task Open_WithABadModel_SaysWhatIsWrong(string name, string? content, string expected)
    {
        var files = content is null ? [] : new Dictionary<string, byte[]> { [name] = Encoding.UTF8.GetBytes(content) };
        var page = await site.OpenAsync(files, $"?model={name}");
        await page.Locator("#error").WaitForAsync();

        var message = await page.Locator("#error").InnerTextAsync();
        Assert.StartsWith($"{name}: ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    protected override Task<IPage> OpenAsync(int width = 1100, int height = 800) => site.OpenAsync(width: width, height: height);

    // Of each pixel of the photograph the colour that the mask has there; nothing where it is transparent.
    private const string MaskAtPhotographSize = """
        ([width, height]) => {
          const mask = document.getElementById('mask');
          const { data } = mask.getContext('2d').getImageData(0, 0, mask.width, mask.height);
          const colors = [];
          for (let y = 0; y < height; y++) {
            for (let x = 0; x < width; x++) {
              const at = 4 * (Math.floor((y + 0.5) * mask.height / height) * mask.width + Math.floor((x + 0.5) * mask.width / width));
              colors.push(data[at + 3] === 0 ? '' : '#' + [...data.slice(at, at + 3)].map(value => value.toString(16).padStart(2, '0')).join(''));
            }
          }
          return colors;
        }
        """;

    private static string Hex((byte R, byte G, byte B) color) => $"#{color.R:x2}{color.G:x2}{color.B:x2}";
}
