namespace SamSegmentation.ML.Reports.Html;

/// <summary>A whole page: one file that needs nothing else, neither a network nor a script to be read.</summary>
internal static class Page
{
    /// <summary>Puts a page together.</summary>
    /// <param name="title">What it is about.</param>
    /// <param name="subtitle">A line below the title.</param>
    /// <param name="sections">Its parts.</param>
    public static string Render(string title, string subtitle, params IEnumerable<Markup> sections) => Markup.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <link rel="icon" href="data:,">
        <title>{title}</title>
        <style>
        {new Markup(PageStyle.Css)}
        </style>
        </head>
        <body>
        <header>
        <h1>{title}</h1>
        <p class="quiet">{subtitle}</p>
        </header>
        <main>
        {sections}
        </main>
        <script>
        {new Markup(PageStyle.Sorting)}
        </script>
        </body>
        </html>

        """).Html;

    /// <summary>A part of a page under its heading.</summary>
    /// <param name="id">Its name within the page's address.</param>
    /// <param name="heading">The heading.</param>
    /// <param name="content">What is in it.</param>
    public static Markup Section(string id, string heading, Markup content) => Markup.Of($"""
        <section id="{id}">
        <h2>{heading}</h2>
        {content}
        </section>

        """);
}
