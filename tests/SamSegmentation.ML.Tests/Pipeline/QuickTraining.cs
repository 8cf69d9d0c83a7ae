using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Tests.Training;
using SamSegmentation.ML.Training.Schedules;

namespace SamSegmentation.ML.Tests.Pipeline;

/// <summary>A training of the tiny network that takes a moment.</summary>
internal static class QuickTraining
{
    public static SamTrainerOptions Options { get; } = new()
    {
        Config = TinyNetwork.Config,
        Epochs = 2,
        BatchSize = 3,
        LearningRate = 3e-3,
        Schedule = new ConstantSchedule(),
    };
}
