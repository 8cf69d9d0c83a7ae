using SamSegmentation.ML.Modeling.Memory;

namespace SamSegmentation.ML.Training;

/// <summary>Tells a run's progress to whoever wants to know.</summary>
/// <param name="listener">Told of everything; null for nobody.</param>
/// <param name="epochs">The run's epochs.</param>
internal sealed class RunProgress(IProgress<TrainingProgress>? listener, int epochs)
{
    private TrainingProgress _last = new() { Stage = TrainingStage.Preparing, Epochs = epochs };

    public void Stage(TrainingStage stage, int epoch, int done, int? total) =>
        Report(new TrainingProgress { Stage = stage, Epoch = epoch, Epochs = epochs, Done = done, Total = total });

    public void Step(int epoch, int done, int total, double loss, double learningRate) =>
        Report(new TrainingProgress
        {
            Stage = TrainingStage.Training,
            Epoch = epoch,
            Epochs = epochs,
            Done = done,
            Total = total,
            Loss = loss,
            LearningRate = learningRate,
        });

    /// <summary>Tells, where the run is, of fewer images at once.</summary>
    public void Reduced(ReducedBatch batch) => listener?.Report(_last with { Reduced = batch });

    public void Completed(EpochMetrics metrics) =>
        listener?.Report(new TrainingProgress { Stage = TrainingStage.Saving, Epoch = metrics.Epoch, Epochs = epochs, Completed = metrics });

    public void Resumed(ResumedRun run, int done, int total) =>
        listener?.Report(new TrainingProgress
        {
            Stage = TrainingStage.Training,
            Epoch = Math.Min(run.Epochs + 1, epochs),
            Epochs = epochs,
            Done = done,
            Total = total,
            Resumed = run,
        });

    private void Report(TrainingProgress progress)
    {
        _last = progress;
        listener?.Report(progress);
    }
}
