namespace SamSegmentation.Demo.Scenes;

/// <summary>The classes of the synthetic scenes.</summary>
public static class SceneClasses
{
    public const int Background = 0;
    public const int Ball = 1;
    public const int Crate = 2;
    public const int Tree = 3;
    public const int House = 4;
    public const int Ring = 5;
    public const int Mushroom = 6;

    /// <summary>The id of pixels on an outline, as in PASCAL VOC.</summary>
    public const int Void = 255;

    /// <summary>The classes' names, by id.</summary>
    public static IReadOnlyList<string> Names { get; } = ["background", "ball", "crate", "tree", "house", "ring", "mushroom"];
}
