using Microsoft.Playwright;
using SamSegmentation.Cli.Tests;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Onnx;
using SamSegmentation.Samples.Tests.Web;
using Xunit;

[assembly: AssemblyFixture(typeof(WebOnnxPage))]

namespace SamSegmentation.Samples.Tests.Web;

/// <summary>
/// samples/WebOnnx in a headless browser. There is no server: the browser's requests are answered with the files as they lie in
/// the repository, and with a model that was exported for the tests.
/// </summary>
public sealed class WebOnnxPage : IAsyncLifetime
{
    private const string Site = "http://localhost/";

    private readonly string _folder = Directory.CreateTempSubdirectory("samseg-onnx-").FullName;
    private readonly Lazy<Task> _started;
    private Browser? _browser;

    public WebOnnxPage() => _started = new Lazy<Task>(StartAsync);

    /// <summary>The trained model, after <see cref="OpenAsync"/>.</summary>
    public string Model { get; private set; } = "";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Opens the page in a window of its own.</summary>
    /// <param name="files">Files that the site has besides, by name.</param>
    /// <param name="query">What stands behind the address.</param>
    /// <param name="width">The window's width in pixels.</param>
    /// <param name="height">The window's height in pixels.</param>
    public async Task<IPage> OpenAsync(IReadOnlyDictionary<string, byte[]>? files = null, string query = "", int width = 1100, int height = 800)
    {
        await _started.Value;
        var page = await _browser!.OpenWindowAsync(width, height);
        await page.Context.RouteAsync("**/*", route => AnswerAsync(route, files ?? new Dictionary<string, byte[]>()));
        await page.GotoAsync(Site + query);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
    {
        Model = SmallModel.WriteTo(_folder);
        using (var model = SegmentationModel.Load(Model))
            OnnxExporter.Export(model.Network, model.Info, Path.Combine(_folder, "model.onnx"));
        _browser = await Browser.LaunchAsync();
    }

    private async Task AnswerAsync(IRoute route, IReadOnlyDictionary<string, byte[]> files)
    {
        var name = new Uri(route.Request.Url).AbsolutePath.TrimStart('/');
        if (files.TryGetValue(name, out var content))
            await route.FulfillAsync(new RouteFulfillOptions { BodyBytes = content });
        else if (PathOf(name) is { } path && File.Exists(path))
            await route.FulfillAsync(new RouteFulfillOptions { BodyBytes = await File.ReadAllBytesAsync(path), ContentType = TypeOf(path) });
        else
            await route.FulfillAsync(new RouteFulfillOptions { Status = 404 });
    }

    // As `./run web-onnx` puts them together.
    private string PathOf(string name) => name switch
    {
        "" => RepositoryFiles.PathOf("samples/WebOnnx/index.html"),
        "page.js" or "style.css" => RepositoryFiles.PathOf($"samples/WebDemo/wwwroot/{name}"),
        "model.onnx" => Path.Combine(_folder, name),
        _ when name.StartsWith("ort/", StringComparison.Ordinal) => Path.Combine(Root, "node_modules/onnxruntime-web/dist", name[4..]),
        _ => Path.Combine(Root, name),
    };

    private static string Root => Path.GetDirectoryName(RepositoryFiles.PathOf("samples/WebOnnx/index.html"))!;

    private static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".html" => "text/html",
        ".css" => "text/css",
        ".js" or ".mjs" => "text/javascript",
        ".wasm" => "application/wasm",
        _ => "application/octet-stream",
    };
}
