using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace SamSegmentation.ML.Reports.Html;

/// <summary>What the compiler makes of the interpolated text of <see cref="Markup.Of"/>: values are encoded, numbers are invariant.</summary>
/// <param name="literalLength">Characters of the literal parts.</param>
/// <param name="formattedCount">Number of values.</param>
[InterpolatedStringHandler]
internal readonly struct MarkupHandler(int literalLength, int formattedCount)
{
    private const int UsualValue = 16;

    private readonly StringBuilder _html = new(literalLength + UsualValue * formattedCount);

    public void AppendLiteral(string html) => _html.Append(html);

    public void AppendFormatted(Markup html) => _html.Append(html.Html);

    public void AppendFormatted(IEnumerable<Markup> parts)
    {
        foreach (var part in parts)
            _html.Append(part.Html);
    }

    // In a text and between double quotes alike.
    public void AppendFormatted(string? text) => _html.Append(WebUtility.HtmlEncode(text));

    public void AppendFormatted(long number) => _html.Append(CultureInfo.InvariantCulture, $"{number}");

    public void AppendFormatted(long number, string format) => _html.Append(number.ToString(format, CultureInfo.InvariantCulture));

    public void AppendFormatted(double number, string format) => _html.Append(number.ToString(format, CultureInfo.InvariantCulture));

    public override string ToString() => _html.ToString();
}
