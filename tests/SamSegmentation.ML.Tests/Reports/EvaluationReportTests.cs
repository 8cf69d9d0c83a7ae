using SamSegmentation.ML.Evaluation;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Reports;
using Xunit;

namespace SamSegmentation.ML.Tests.Reports;

public sealed class EvaluationReportTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_ThreeImages_ShowsClassesAndTheWorstAndBest()
    {
        var matrix = new ConfusionMatrix(3);
        var report = new EvaluationReport(3, images: 1);
        Add("middle", [0, 0, 1, 1], [0, 0, 1, 0]);
        Add("bad <i>", [1, 1, 1, 255], [0, 0, 0, 0]);
        Add("good", [0, 1, 1, 1], [0, 1, 1, 1]);
        var metrics = matrix.ToMetrics(["ground", "wall", "<u>never</u>"]);

        report.Write(_folder.PathOf("new/page.html"), "model & more", metrics, [("model", "a<b")]);

        var page = ReportPage.Load(_folder.PathOf("new/page.html"));
        Assert.Equal(metrics.PerClass.Select(one => (one.Id, one.Name, one.IoU, one.Accuracy, one.Pixels)), page.Classes);
        Assert.Null(page.Classes[2].IoU);
        Assert.Equal([("bad <i>", 0.0)], page.Images("worst"));
        Assert.Equal([("good", 1.0)], page.Images("best"));
        Assert.Equal("a<b", page.Facts("run")["model"]);
        Assert.Equal("model & more", page.Root.Descendants("h1").Single().Value);

        void Add(string id, ushort[] truth, ushort[] prediction)
        {
            matrix.Add(truth, prediction);
            report.Add(id, new RgbImage(2, 2, new byte[12]), new LabelMap(2, 2, truth), new LabelMap(2, 2, prediction));
        }
    }

    [Fact]
    public void Write_ManyClasses_ShowsTheMatrixAsAPicture()
    {
        var matrix = new ConfusionMatrix(60);
        matrix.Add((ushort[])[0, 59], (ushort[])[0, 3]);

        new EvaluationReport(60, images: 0).Write(_folder.PathOf("page.html"), "many", matrix.ToMetrics(), []);

        var page = ReportPage.Load(_folder.PathOf("page.html"));
        Assert.Equal(60, page.Classes.Count);
        var picture = RgbImage.Decode(Assert.Single(page.Pictures));
        Assert.InRange(picture.Width, 60 * 12, 60 * 12 + 200);
    }

    [Fact]
    public void Write_LargeImage_IsShownSmall()
    {
        var report = new EvaluationReport(2, images: 1);
        report.Add("large", new RgbImage(600, 1200, new byte[3 * 600 * 1200]), new LabelMap(600, 1200), new LabelMap(600, 1200));
        var matrix = new ConfusionMatrix(2);

        report.Write(_folder.PathOf("page.html"), "large", matrix.ToMetrics(), []);

        Assert.All(ReportPage.Load(_folder.PathOf("page.html")).Pictures, png =>
        {
            var picture = RgbImage.Decode(png);
            Assert.Equal((128, 256), (picture.Height, picture.Width));
        });
    }

    [Fact]
    public void Add_MapsOfDifferentSizes_IsRefused()
    {
        var report = new EvaluationReport(2);

        var error = Assert.Throws<ArgumentException>(() => report.Add("a", new RgbImage(1, 2, new byte[6]), new LabelMap(1, 2), new LabelMap(2, 1)));

        Assert.Contains("'a': the truth is 2×1, the prediction 1×2.", error.Message, StringComparison.Ordinal);
    }
}
