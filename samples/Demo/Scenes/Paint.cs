namespace SamSegmentation.Demo.Scenes;

/// <summary>Colours of painted things. All kinds of objects share them, so that colour alone does not tell a class.</summary>
public static class Paint
{
    private static readonly double[] s_hues = [0.0, 0.06, 0.12, 0.3, 0.48, 0.58, 0.66, 0.8, 0.92];

    /// <summary>A random paint.</summary>
    public static Color Pick(SceneRandom random) =>
        Color.FromHsv(random.Pick<double>(s_hues) + random.Next(-0.025, 0.025), random.Next(0.55, 0.9), random.Next(0.6, 0.95));

    /// <summary>A random paint that is almost white.</summary>
    public static Color PickPale(SceneRandom random) =>
        Color.FromHsv(random.Next(), random.Next(0.03, 0.18), random.Next(0.85, 0.98));

    /// <summary>A wood colour, from straw to walnut.</summary>
    public static Color PickWood(SceneRandom random) =>
        Color.FromHsv(random.Next(0.06, 0.1), random.Next(0.4, 0.65), random.Next(0.45, 0.85));
}
