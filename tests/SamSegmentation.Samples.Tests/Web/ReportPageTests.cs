using Microsoft.Playwright;
using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Reports;
using Xunit;

namespace SamSegmentation.Samples.Tests.Web;

/// <summary>A report as a browser shows it.</summary>
[Collection(nameof(WholeProcess))]
public sealed class ReportPageTests : IAsyncLifetime
{
    private const int WideAsAPhone = 360;

    private readonly string _folder = Directory.CreateTempSubdirectory("samseg-report-").FullName;
    private readonly List<string> _requests = [];
    private readonly List<string> _errors = [];
    private Browser? _browser;

    public async ValueTask InitializeAsync() => _browser = await Browser.LaunchAsync();

    public async ValueTask DisposeAsync()
    {
        await _browser!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Sort_EachHeading_OrdersByValueWithTheValuelessLast()
    {
        var page = await OpenAsync(1100);

        Assert.Equal(["a long name of a class", "<b>bold</b>", "10 c", "never"], await NamesAsync());
        await page.Locator("th button", new() { HasTextString = "IoU" }).ClickAsync();
        Assert.Equal(["10 c", "a long name of a class", "<b>bold</b>", "never"], await NamesAsync());
        Assert.Equal("ascending", await page.Locator("th", new() { HasTextString = "IoU" }).First.GetAttributeAsync("aria-sort"));
        await page.Locator("th button", new() { HasTextString = "IoU" }).ClickAsync();
        Assert.Equal(["<b>bold</b>", "a long name of a class", "10 c", "never"], await NamesAsync());
        await page.Locator("th button", new() { HasTextString = "pixels" }).ClickAsync();
        Assert.Equal(["never", "10 c", "<b>bold</b>", "a long name of a class"], await NamesAsync());
        Assert.Empty(_errors);

        async Task<string[]> NamesAsync() => [.. (await page.Locator("#classes tbody td.name").AllInnerTextsAsync()).Select(name => name.Trim())];
    }

    [Theory]
    [InlineData(WideAsAPhone)]
    [InlineData(1100)]
    public async Task Open_AnyWidth_FitsAndLoadsNothing(int width)
    {
        var page = await OpenAsync(width);

        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
        Assert.Equal(6, await page.EvaluateAsync<int>("[...document.images].filter(image => image.complete && image.naturalWidth > 0).length"));
        Assert.All(_requests, address => Assert.True(address.StartsWith("file:", StringComparison.Ordinal) || address.StartsWith("data:", StringComparison.Ordinal), address));
        Assert.Single(_requests, address => address.StartsWith("file:", StringComparison.Ordinal));
        Assert.Empty(_errors);
    }

    private async Task<IPage> OpenAsync(int width)
    {
        var path = Path.Combine(_folder, "report.html");
        Write(path);
        var page = await _browser!.OpenWindowAsync(width, 3000);
        page.Request += (_, request) => _requests.Add(request.Url);
        page.PageError += (_, error) => _errors.Add(error);
        await page.GotoAsync(new Uri(path).AbsoluteUri);
        return page;
    }

    private static void Write(string path)
    {
        var matrix = new ConfusionMatrix(4);
        var report = new EvaluationReport(4, images: 1);
        Add("a photograph with a very long name that a phone cannot show on one line", [0, 0, 0, 0, 1, 1, 1, 2, 2], [0, 0, 0, 2, 1, 1, 1, 2, 0]);
        Add("another", [0, 0, 0, 0, 1, 1, 1, 2, 255], [0, 0, 0, 0, 1, 1, 1, 2, 0]);
        report.Write(path, "a model", matrix.ToMetrics(["a long name of a class", "<b>bold</b>", "10 c", "never"]), [("model", "runs/a-folder-of-a-long-name/model.safetensors")]);

        void Add(string id, ushort[] truth, ushort[] prediction)
        {
            matrix.Add(truth, prediction);
            report.Add(id, new RgbImage(3, 3, new byte[27]), new LabelMap(3, 3, truth), new LabelMap(3, 3, prediction));
        }
    }
}
