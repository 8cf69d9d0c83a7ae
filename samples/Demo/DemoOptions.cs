namespace SamSegmentation.Demo;

/// <summary>What the demo is asked to do.</summary>
public sealed record DemoOptions
{
    /// <summary>A PASCAL VOC 2012 folder; null to make synthetic scenes.</summary>
    public string? Data { get; init; }

    /// <summary>Where everything is written; a folder of this run alone.</summary>
    public required string Output { get; init; }

    /// <summary>The pretrained SAM whose encoder stays as it is; the small one of the repository by default.</summary>
    public string Checkpoint { get; init; } = SmallSam.Checkpoint;

    /// <summary>Passes over the training images.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Scenes to learn from; a quarter as many are made to be judged by.</summary>
    public int Scenes { get; init; } = 400;

    /// <summary>Scenes to be judged by.</summary>
    public int ValidationScenes => Scenes / 4 + 1;

    /// <summary>Decides scenes, new weights and order: the same seed gives the same result.</summary>
    public int Seed { get; init; } = 1;
}
