using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SamSegmentation.ML.IO;

namespace SamSegmentation.ML.Reports.Images;

/// <summary>The images of a report. A run keeps them in one file, so that they always belong together.</summary>
internal sealed record ReportImages
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    /// <summary>The epoch whose weights segmented them; null outside training.</summary>
    public int? Epoch { get; init; }

    /// <summary>The worst images, the worst first.</summary>
    public required IReadOnlyList<ReportImage> Worst { get; init; }

    /// <summary>The best images, the best first.</summary>
    public required IReadOnlyList<ReportImage> Best { get; init; }

    /// <summary>Writes them; an existing file is replaced in one step.</summary>
    public void Write(string path) => AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, s_json));

    /// <summary>Reads them back.</summary>
    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    public static ReportImages Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ReportImages>(File.ReadAllBytes(path), s_json) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' does not hold a report's images: {e.Message}", e);
        }
    }
}
