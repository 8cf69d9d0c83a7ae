using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using SamSegmentation.Bench.Measuring;

namespace SamSegmentation.Bench.Reporting;

/// <summary>The figures as a JSON file.</summary>
internal static class BenchReport
{
    private static readonly JsonSerializerOptions s_format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    internal static void Write(string file, Effort effort, IReadOnlyList<MeasureResult> results)
    {
        var report = new
        {
            Effort = effort.ToString(),
            Processors = Environment.ProcessorCount,
            Threads = TorchSharp.torch.get_num_threads(),
            Architecture = RuntimeInformation.ProcessArchitecture.ToString(),
            Runtime = RuntimeInformation.FrameworkDescription,
            Measures = results,
        };
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.WriteAllText(file, JsonSerializer.Serialize(report, s_format));
    }
}
