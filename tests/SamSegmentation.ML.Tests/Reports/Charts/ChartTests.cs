using SamSegmentation.ML.Reports.Charts;
using SamSegmentation.ML.Reports.Html;
using Xunit;

namespace SamSegmentation.ML.Tests.Reports.Charts;

public sealed class ChartTests
{
    [Theory]
    [InlineData(0, 1, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(0, 0.93, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(0, 0.0003, new[] { 0, 0.0001, 0.0002, 0.0003 })]
    [InlineData(0, 0, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(-3, 9, new[] { -5, -2.5, 0, 2.5, 5, 7.5, 10 })]
    public void Axis_Range_HasRoundMarksThatCoverIt(double low, double high, double[] marks)
    {
        var axis = new Axis(low, high, 5);

        Assert.Equal(marks.Length, axis.Marks.Count);
        Assert.All(marks.Zip(axis.Marks), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        Assert.Equal((0.0, 1.0), (axis.Part(axis.Low), axis.Part(axis.High)));
    }

    [Fact]
    public void Axis_FewSteps_HasWholeMarks() => Assert.Equal([0, 1, 2, 3], new Axis(0, 3, 5, isWhole: true).Marks);

    [Fact]
    public void Thinned_ManyPoints_KeepsThePeaks()
    {
        var points = Enumerable.Range(0, 100_000).Select(i => ((double)i, i == 70_001 ? 9.0 : i == 30_002 ? -9 : Math.Sin(i))).ToArray();

        var thinned = new Series("loss", points).Thinned;

        Assert.InRange(thinned.Count, 400, 520);
        Assert.Contains((70_001.0, 9.0), thinned);
        Assert.Contains((30_002.0, -9.0), thinned);
        Assert.Equal(thinned.OrderBy(point => point.Step), thinned);
    }

    [Fact]
    public void Render_ValuesThatAreNoNumbers_BreakTheCurve()
    {
        var html = new Chart("a < b", [new Series("x & y", [(1, 0.5), (2, double.NaN), (3, 0.25), (4, double.PositiveInfinity), (5, 1)])]).Render().Html;

        var path = html[(html.IndexOf(" d=\"", StringComparison.Ordinal) + 4)..];
        path = path[..path.IndexOf('"')];
        Assert.Equal((3, 0), (path.Count(letter => letter == 'M'), path.Count(letter => letter == 'L')));
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", html, StringComparison.Ordinal);
        Assert.Contains("a &lt; b", html, StringComparison.Ordinal);
        Assert.Contains("<li class=\"k0\">x &amp; y</li>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_NothingMeasured_SaysSo() =>
        Assert.Contains("Nothing was measured yet.", new Chart("loss", [new Series("a", [(1, double.NaN)])]).Render().Html, StringComparison.Ordinal);

    [Fact]
    public void Of_Values_AreEncodedUnlessTheyAreMarkup()
    {
        var inner = Markup.Of($"<i>{"<&\"'>"}</i>");

        Assert.Equal("<p title=\"&quot;\"><i>&lt;&amp;&quot;&#39;&gt;</i>1.50 2,000</p>", Markup.Of($"<p title=\"{"\""}\">{inner}{1.5:F2} {2000:N0}</p>").Html);
    }
}
