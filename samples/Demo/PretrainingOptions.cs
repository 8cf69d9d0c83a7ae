namespace SamSegmentation.Demo;

/// <summary>How the small SAM is pretrained.</summary>
public sealed record PretrainingOptions
{
    /// <summary>Where the scenes, the run and the checkpoint are written.</summary>
    public required string Output { get; init; }

    /// <summary>Passes over the training images.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>Scenes to learn from; a twentieth as many are made to be judged by.</summary>
    public int Scenes { get; init; } = 4000;

    /// <summary>Decides the scenes; the demo's own have another seed.</summary>
    public int ScenesSeed { get; init; } = 1000;

    /// <summary>Decides first weights, order and mirroring.</summary>
    public int Seed { get; init; }
}
