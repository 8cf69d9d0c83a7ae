namespace SamSegmentation.ML.Training.Losses;

/// <summary>What a run's losses depend on beside their options.</summary>
/// <param name="Classes">The network's classes.</param>
/// <param name="VoidId">The id of pixels that do not count.</param>
/// <param name="Frequencies">The training set's pixels by class; null where no loss asks for them.</param>
internal sealed record LossSetting(int Classes, int VoidId, ClassFrequencies? Frequencies);
