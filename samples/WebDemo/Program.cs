using SamSegmentation.ML.Imaging;
using SamSegmentation.WebDemo;

// dotnet run --project samples/WebDemo -- --Model outputs/demo/run/model.safetensors [--urls http://localhost:5000]
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot") });
builder.Services.AddProblemDetails();
builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = Photographs.MaxBytes);
Segmenter segmenter;
try
{
    segmenter = Segmenter.Load(builder.Configuration["Model"] ?? throw new IOException("no model is given; expected --Model FILE, such as outputs/demo/run/model.safetensors of ./run demo"));
}
catch (Exception failure)
{
    Console.Error.WriteLine($"webdemo: {failure.Message}");
    return 1;
}
using var disposed = segmenter;

var app = builder.Build();
app.UseExceptionHandler();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapGet("/api/model", () => new { segmenter.File, Classes = segmenter.ClassNames });
app.MapPost("/api/segment", async (HttpRequest request, CancellationToken cancellation) =>
{
    try
    {
        byte[] file = await Photographs.ReadAsync(request.Body, cancellation);
        var image = RgbImage.Decode(file, Photographs.Limits);
        return Results.Ok(await segmenter.SegmentAsync(image, cancellation));
    }
    catch (Exception bad) when (bad is ImageFormatException or BadHttpRequestException)
    {
        return Results.Problem(bad.Message, statusCode: (bad as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest, title: "The file cannot be used.");
    }
});
app.Run();
return 0;
