using SamSegmentation.Cli.Display;
using SamSegmentation.Cli.Training;
using SamSegmentation.ML.Modeling.Memory;
using SamSegmentation.ML.Training;
using Xunit;

namespace SamSegmentation.Cli.Tests.Training;

public sealed class TrainingReportTests
{
    [Fact]
    public void Report_FewerImagesAtOnce_IsAWarningAndNoLine()
    {
        var warnings = new List<string>();
        using var output = new StringWriter();
        var report = new TrainingReport(new PlainDisplay(output, TimeProvider.System), warnings.Add);

        report.Report(new TrainingProgress { Stage = TrainingStage.Training, Epoch = 1, Epochs = 2, Reduced = new ReducedBatch("MicroBatchSize", 8, 4, "CUDA out of memory.") });

        Assert.Equal("8 images at once do not fit the device's memory; it goes on with 4, and MicroBatchSize = 4 spares the attempt. CUDA out of memory.", Assert.Single(warnings));
        Assert.Empty(output.ToString());
    }
}
