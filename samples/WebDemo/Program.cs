using SamSegmentation.ML.Hosting;
using SamSegmentation.ML.Imaging;
using SamSegmentation.WebDemo;

// dotnet run --project samples/WebDemo -- --Model outputs/demo/run/model.safetensors [--urls http://localhost:5000]
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot") });
if (builder.Configuration["Model"] is not { } path)
{
    Console.Error.WriteLine("webdemo: no model is given; expected --Model FILE, such as outputs/demo/run/model.safetensors of ./run demo");
    return 2;
}
builder.Services.AddSegmentationModel("web", model => model.Path = path);
builder.Services.AddSingleton<Segmenter>();
builder.Services.AddProblemDetails();
builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = Photographs.MaxBytes);

await using var app = builder.Build();
try
{
    // Ahead of the first visitor: a bad file is better known now.
    await app.Services.GetRequiredService<SegmentationPredictorPool>().ReloadAsync();
}
catch (Exception failure)
{
    Console.Error.WriteLine($"webdemo: {failure.Message}");
    return 1;
}
app.UseExceptionHandler();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapGet("/api/model", async (Segmenter segmenter, CancellationToken cancellation) => new { File = Path.GetFileName(path), Classes = await segmenter.ClassNamesAsync(cancellation) });
app.MapPost("/api/segment", async (HttpRequest request, Segmenter segmenter, CancellationToken cancellation) =>
{
    try
    {
        byte[] file = await Photographs.ReadAsync(request.Body, cancellation);
        return Results.Ok(await segmenter.SegmentAsync(RgbImage.Decode(file, Photographs.Limits), cancellation));
    }
    catch (Exception bad) when (bad is ImageFormatException or BadHttpRequestException)
    {
        return Results.Problem(bad.Message, statusCode: (bad as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest, title: "The file cannot be used.");
    }
});
await app.RunAsync();
return 0;
