using System.Globalization;
using System.Xml.Linq;

namespace SamSegmentation.ML.Tests.Reports;

/// <summary>A report as a parser of XML sees it, which takes the page only if every tag is closed and every value encoded.</summary>
internal sealed class ReportPage
{
    private ReportPage(string html, XElement root) => (Html, Root) = (html, root);

    public string Html { get; }

    public XElement Root { get; }

    public static ReportPage Load(string path)
    {
        var html = File.ReadAllText(path);
        // What HTML may leave out and XML may not: the ends of empty elements; and script and style are no XML.
        var xml = System.Text.RegularExpressions.Regex.Replace(html, "<(meta|link|img)([^>]*)>", "<$1$2/>");
        xml = System.Text.RegularExpressions.Regex.Replace(xml, "<(script|style)>.*?</\\1>", "", System.Text.RegularExpressions.RegexOptions.Singleline);
        return new ReportPage(html, XElement.Parse(xml.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal)));
    }

    public XElement Section(string id) => Root.Descendants("section").Single(section => (string?)section.Attribute("id") == id);

    public bool HasSection(string id) => Root.Descendants("section").Any(section => (string?)section.Attribute("id") == id);

    /// <summary>The class table's rows as they sort: id, name, IoU, accuracy, pixels; null where there is no value.</summary>
    public IReadOnlyList<(int Id, string Name, double? IoU, double? Accuracy, long Pixels)> Classes =>
    [
        .. Section("classes").Descendants("tbody").Single().Elements("tr").Select(row =>
        {
            var values = row.Elements("td").Select(cell => cell.Attribute("data-v")!.Value).ToArray();
            return (int.Parse(values[0], CultureInfo.InvariantCulture), values[1], Number(values[2]), Number(values[3]), long.Parse(values[4], CultureInfo.InvariantCulture));
        }),
    ];

    /// <summary>The confusion table's cells as they are titled.</summary>
    public IReadOnlyList<string> ConfusionTitles => [.. Section("confusion").Descendants("td").Select(cell => cell.Attribute("title")?.Value ?? "")];

    /// <summary>The shown images: id and mIoU.</summary>
    public IReadOnlyList<(string Id, double MeanIoU)> Images(string end) =>
    [
        .. Section("images").Descendants("div").Single(div => (string?)div.Attribute("id") == $"{end}-images").Descendants("figcaption")
            .Select(caption => (caption.Attribute("data-id")!.Value, Number(caption.Attribute("data-v")!.Value)!.Value)),
    ];

    /// <summary>The PNG files within the page.</summary>
    public IReadOnlyList<byte[]> Pictures =>
    [
        .. Root.Descendants("img").Select(image => Convert.FromBase64String(image.Attribute("src")!.Value["data:image/png;base64,".Length..])),
    ];

    /// <summary>The number of points of each curve of a chart, by the curve's name.</summary>
    public IReadOnlyDictionary<string, int> Curves(string title)
    {
        var chart = Section("curves").Elements("div").Single().Elements("figure").Single(figure => figure.Element("figcaption")!.Value == title);
        var names = chart.Element("ul")!.Elements("li").Select(item => item.Value);
        var points = chart.Descendants("path").Select(path => path.Attribute("d")!.Value.Count(letter => letter is 'M' or 'L'));
        return names.Zip(points).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>A list of names and values.</summary>
    public IReadOnlyDictionary<string, string> Facts(string section) =>
        Section(section).Descendants("dl").Single().Elements("div").ToDictionary(item => item.Element("dt")!.Value, item => item.Element("dd")!.Value);

    private static double? Number(string text) => text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);
}
