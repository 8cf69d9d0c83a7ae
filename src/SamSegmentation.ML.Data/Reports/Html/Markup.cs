namespace SamSegmentation.ML.Reports.Html;

/// <summary>A piece of HTML. <see cref="Of"/> makes it so that whatever is put into the text is encoded.</summary>
/// <param name="Html">The HTML as it is; what comes from a user never gets here but through <see cref="Of"/>.</param>
internal readonly record struct Markup(string Html)
{
    /// <summary>An interpolated text whose literal parts are HTML, and whose values are encoded unless they are HTML themselves.</summary>
    /// <param name="text">The text.</param>
    public static Markup Of(MarkupHandler text) => new(text.ToString());
}
