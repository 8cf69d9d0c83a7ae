using System.Reflection;

namespace SamSegmentation.ML.Tests.Figures;

/// <summary>The tables beside the tests, of lines "subject: figure: number".</summary>
internal static class StoredFigures
{
    /// <summary>All lines of a table.</summary>
    public static string[] All(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(file)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>The lines of one subject.</summary>
    public static IEnumerable<string> Of(string file, string subject) => All(file).Where(line => line.StartsWith($"{subject}: ", StringComparison.Ordinal));
}
