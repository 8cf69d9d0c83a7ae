using System.Globalization;
using System.Text.Json;
using SamSegmentation.ML.Reports.Html;

namespace SamSegmentation.ML.Reports.Sections;

/// <summary>Names with values: what was set, what it ran on.</summary>
internal static class Facts
{
    /// <summary>Writes a list.</summary>
    /// <param name="facts">The names and values, in this order.</param>
    public static Markup Render(IEnumerable<(string Name, string Value)> facts) => Markup.Of($"""
        <dl>
        {facts.Select(fact => Markup.Of($"""<div><dt>{fact.Name}</dt><dd>{fact.Value}</dd></div>"""))}
        </dl>

        """);

    /// <summary>The large figures at the head of a page.</summary>
    /// <param name="figures">The names and values, in this order.</param>
    public static Markup Tiles(IEnumerable<(string Name, string Value)> figures) => Markup.Of($"""
        <div class="tiles">
        {figures.Select(figure => Markup.Of($"""<div class="tile"><b>{figure.Value}</b><span>{figure.Name}</span></div>"""))}
        </div>

        """);

    /// <summary>A metric or a loss among them; a dash for one that has no value.</summary>
    public static string Fraction(double value) => double.IsFinite(value) ? value.ToString("F4", CultureInfo.InvariantCulture) : "–";

    /// <summary>What a JSON object holds, level by level, as names and values.</summary>
    /// <param name="value">The object.</param>
    /// <param name="name">What it is called; empty for the outermost.</param>
    public static IEnumerable<(string Name, string Value)> Of(JsonElement value, string name = "") => value.ValueKind switch
    {
        JsonValueKind.Object when value.EnumerateObject().Any() =>
            value.EnumerateObject().SelectMany(property => Of(property.Value, name.Length == 0 ? property.Name : $"{name}.{property.Name}")),
        JsonValueKind.Object => [(name, "none")],
        JsonValueKind.Array => [(name, value.GetArrayLength() == 0 ? "none" : string.Join(", ", value.EnumerateArray().Select(Text)))],
        _ => [(name, Text(value))],
    };

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "none",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };
}
