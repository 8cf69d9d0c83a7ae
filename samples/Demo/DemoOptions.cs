namespace SamSegmentation.Demo;

/// <summary>What the demo is asked to do.</summary>
public sealed record DemoOptions
{
    /// <summary>A PASCAL VOC 2012 folder; null to make synthetic scenes.</summary>
    public string? Data { get; init; }

    /// <summary>Where everything is written; a folder of this run alone.</summary>
    public required string Output { get; init; }

    /// <summary>Passes over the training images.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>Scenes to learn from; an eighth as many are made to be judged by.</summary>
    public int Scenes { get; init; } = 800;

    /// <summary>Decides scenes, first weights, order and mirroring: the same seed gives the same result.</summary>
    public int Seed { get; init; } = 1;
}
