using SamSegmentation.ML.Modeling.Memory;
using SamSegmentation.ML.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Training;

public sealed class RunProgressTests
{
    [Fact]
    public void Reduced_WithinAStage_IsToldWhereTheRunIsAndOnce()
    {
        var told = new List<TrainingProgress>();
        var progress = new RunProgress(new ImmediateProgress<TrainingProgress>(told.Add), epochs: 3);
        var batch = new ReducedBatch("MicroBatchSize", 8, 4, "CUDA out of memory.");

        progress.Reduced(batch);
        progress.Step(epoch: 2, done: 5, total: 9, loss: 0.5, learningRate: 0.1);
        progress.Reduced(batch);
        progress.Stage(TrainingStage.Validation, epoch: 2, done: 0, total: 4);

        Assert.Equal(new TrainingProgress { Stage = TrainingStage.Preparing, Epochs = 3, Reduced = batch }, told[0]);
        Assert.Equal(told[1] with { Reduced = batch }, told[2]);
        Assert.Equal((2, 5, 9), (told[2].Epoch, told[2].Done, told[2].Total));
        Assert.Null(told[3].Reduced);
    }
}
