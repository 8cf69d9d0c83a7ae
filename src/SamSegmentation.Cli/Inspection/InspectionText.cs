using System.Globalization;
using System.Text;
using SamSegmentation.Cli.Settings;
using SamSegmentation.ML.Checkpoints;

namespace SamSegmentation.Cli.Inspection;

/// <summary>Writes an <see cref="InspectionReport"/> for people.</summary>
internal static class InspectionText
{
    /// <summary>Lays the report out as lines.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="everyTensor">Whether each tensor gets a line of its own.</param>
    public static string Render(InspectionReport report, bool everyTensor)
    {
        var tensors = report.Groups.SelectMany(group => group.Tensors).ToList();
        var text = new StringBuilder();
        Fact("file", report.Path);
        Fact("format", report.Format);
        Fact("bytes", Number(report.Bytes));
        Fact("sha256", report.Sha256);
        Fact("tensors", $"{Number(tensors.Count)} with {Number(report.Groups.Sum(group => group.Parameters))} values");
        AppendNetwork(report.Network);
        foreach (var (key, value) in report.Metadata)
            Fact($"metadata {key}", value);

        text.AppendLine();
        AppendTable(
            text,
            ["part", "tensors", "values", "dtype", "shapes"],
            report.Groups.Select(group => new[]
            {
                group.Part, Number(group.Tensors.Count), Number(group.Parameters), string.Join(' ', group.DTypes), group.ShapeSummary,
            }));
        if (everyTensor)
        {
            text.AppendLine();
            AppendTable(text, ["tensor", "values", "dtype", "shape"], tensors.Select(Row));
        }
        return text.ToString();

        void Fact(string name, string value) => text.AppendLine($"{name,-13}  {value}");

        void AppendNetwork(NetworkFacts network)
        {
            if (network.Config is null)
            {
                Fact("network", $"none of Segment Anything: {network.Missing}");
                return;
            }
            Fact("network", $"{Variants.Describe(network.Config)}, {NameOf(network.Layout)}");
            if (network.Classes is { } classes)
                Fact("classes", network.Info is { } named ? $"{classes}: {string.Join(", ", named.ClassNames)}" : Number(classes));
            if (network.Info is not { } info)
                return;
            Fact("head", HeadSettings.Describe(info.Head));
            Fact("preprocessing", info.Preprocessing);
            if (info.Adapters is { } adapters)
                Fact("adapters", Adapters.Describe(adapters));
            if (info.Parts is not null)
                Fact("parts", $"{string.Join(", ", info.Parts)}; without the image encoder {info.EncoderHash}");
        }
    }

    private static string NameOf(SamCheckpointLayout? layout) => layout switch
    {
        SamCheckpointLayout.Sam => "SAM's own weights",
        SamCheckpointLayout.Reference => "the reference's weights",
        _ => "a semantic network's weights",
    };

    private static string[] Row(CheckpointEntry tensor) =>
        [tensor.Name, Number(TensorGroup.CountOf(tensor)), TensorGroup.NameOf(tensor), TensorGroup.ShapeOf(tensor)];

    private static void AppendTable(StringBuilder text, string[] header, IEnumerable<string[]> body)
    {
        string[][] rows = [header, .. body];
        int[] widths = [.. header.Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (var row in rows)
        {
            // Numbers stand right, names left.
            var cells = row.Select((cell, column) =>
                header[column] is "tensors" or "values" ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            text.AppendLine(string.Join("  ", cells).TrimEnd());
        }
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
