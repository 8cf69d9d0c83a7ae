using System.Text.Encodings.Web;
using System.Text.Json;

namespace SamSegmentation.Cli.Display;

/// <summary>How results are written for programs.</summary>
internal static class JsonResults
{
    /// <summary>On several lines, with names as the user wrote them.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
