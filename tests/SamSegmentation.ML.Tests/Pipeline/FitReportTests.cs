using Microsoft.ML;
using Microsoft.ML.Runtime;
using SamSegmentation.ML.Modeling.Memory;
using SamSegmentation.ML.Pipeline.Fitting;
using SamSegmentation.ML.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Pipeline;

public sealed class FitReportTests
{
    [Fact]
    public void Report_Stages_ReachTheProgressChannelWithDoneAndTotal()
    {
        var progress = new RecordingChannel();
        using var log = ((IHostEnvironment)new MLContext()).Start("test");
        var told = new List<EpochMetrics>();
        var report = new FitReport(log, progress, told.Add);
        var epoch = new EpochMetrics { Epoch = 2, Step = 9, LearningRate = 0.1, TrainingLoss = 1 };

        report.Report(new TrainingProgress { Stage = TrainingStage.Preparing, Done = 3, Epochs = 5 });
        Assert.Equal([("images", 3.0, null), ("epochs", 0.0, 5.0)], progress.Read());
        report.Report(new TrainingProgress { Stage = TrainingStage.Preparing, Done = 4, Total = 8, Epochs = 5 });
        Assert.Equal([("images", 4.0, 8.0), ("epochs", 0.0, 5.0)], progress.Read());
        report.Report(new TrainingProgress { Stage = TrainingStage.Training, Done = 1, Total = 2, Epoch = 2, Epochs = 5 });
        Assert.Equal([("steps", 1.0, 2.0), ("epochs", 1.0, 5.0)], progress.Read());
        report.Report(new TrainingProgress { Stage = TrainingStage.Saving, Done = 1, Total = 1, Epoch = 2, Epochs = 5, Completed = epoch });
        Assert.Equal([("files", 1.0, 1.0), ("epochs", 1.0, 5.0)], progress.Read());
        Assert.Equal(3, progress.Headers);
        Assert.Equal([null, 2], Assert.Single(progress.Checkpoints));
        Assert.Same(epoch, Assert.Single(told));
    }

    [Fact]
    public void Report_FewerImagesAtOnce_IsAWarning()
    {
        var context = new MLContext();
        var messages = new List<string>();
        context.Log += (_, e) => messages.Add(e.Message);
        using (var log = ((IHostEnvironment)context).Start("test"))
        {
            new FitReport(log, new RecordingChannel(), null).Report(
                new TrainingProgress { Stage = TrainingStage.Training, Epoch = 1, Epochs = 5, Reduced = new ReducedBatch("MicroBatchSize", 8, 4, "CUDA out of memory.") });
        }

        Assert.Contains(messages, text => text.Contains("Kind=Warning", StringComparison.Ordinal) && text.Contains("8 images at once do not fit", StringComparison.Ordinal));
    }

    private sealed class RecordingChannel : IProgressChannel
    {
        private ProgressHeader? _header;
        private Action<IProgressEntry>? _fill;

        public int Headers { get; private set; }

        public List<double?[]> Checkpoints { get; } = [];

        public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction)
        {
            Headers++;
            (_header, _fill) = (header, fillAction);
        }

        public void Checkpoint(params double?[] values) => Checkpoints.Add(values);

        public List<(string Unit, double Done, double? Total)> Read()
        {
            var entry = new Entry();
            _fill!(entry);
            return [.. entry.Values.OrderBy(pair => pair.Key).Select(pair => (_header!.UnitNames[pair.Key], pair.Value.Done, pair.Value.Total))];
        }

        public IProgressChannel StartProgressChannel(string name) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }

    private sealed class Entry : IProgressEntry
    {
        public Dictionary<int, (double Done, double? Total)> Values { get; } = [];

        public void SetProgress(int index, double value) => Values[index] = (value, null);

        public void SetProgress(int index, double value, double lim) => Values[index] = (value, lim);

        public void SetMetric(int index, double value) => throw new NotSupportedException();
    }
}
