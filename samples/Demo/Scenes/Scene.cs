using SamSegmentation.Demo.Scenes.Backdrops;
using SamSegmentation.Demo.Scenes.Objects;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.Demo.Scenes;

/// <summary>A synthetic photograph and the class of each of its pixels.</summary>
public sealed record Scene(RgbImage Image, LabelMap Labels)
{
    private const int MinSide = 96;
    private const int MaxSide = 160;

    /// <summary>Makes a scene; the same seed and number give the same scene.</summary>
    /// <param name="seed">The data set's seed.</param>
    /// <param name="number">The scene's number in the data set; every number is a scene of its own.</param>
    public static Scene Generate(int seed, int number)
    {
        var random = new SceneRandom(SceneRandom.Mix((ulong)(uint)seed, (ulong)(uint)number));
        int height = random.NextInteger(MinSide, MaxSide), width = random.NextInteger(MinSide, MaxSide);
        var backdrop = Backdrop.Pick(random, height, width);
        var canvas = new Canvas(height, width, backdrop.At);
        double lightSide = random.Pick<double>(1, -1);

        // The far ones first: what stands nearer hides them.
        foreach (var place in Places(random, backdrop).OrderBy(place => place.BaseY))
        {
            canvas.AddShadow(place.CenterX, place.BaseY, place.HalfHeight * place.Thing.HalfWidth, lightSide);
            canvas.Draw(place.Thing, place.CenterX, place.BaseY, place.HalfHeight, lightSide);
        }

        var tint = new Color(random.Next(0.93, 1.07), random.Next(0.95, 1.05), random.Next(0.93, 1.07)) * random.Next(0.85, 1.08);
        return new Scene(canvas.ToImage(tint, random.Next(0.005, 0.025), random), canvas.ToLabels());
    }

    private static List<Place> Places(SceneRandom random, Backdrop backdrop)
    {
        var places = new List<Place>();
        int wanted = random.NextInteger(2, 4);
        for (int attempt = 0; places.Count < wanted && attempt < 30; attempt++)
        {
            double nearness = random.Next();
            double baseY = backdrop.FloorTop + (backdrop.Height - backdrop.FloorTop) * (0.2 + 0.76 * nearness);
            var thing = PickThing(random);
            double halfHeight = Math.Min(backdrop.Height, backdrop.Width) * (0.17 + 0.13 * nearness) * random.Next(0.9, 1.15) * thing.RelativeHeight;
            var place = new Place(thing, random.Next(0.08, 0.92) * backdrop.Width, baseY, halfHeight);
            if (places.TrueForAll(other => place.Overlap(other) < 0.4))
                places.Add(place);
        }
        return places;
    }

    private static SceneObject PickThing(SceneRandom random) => random.NextInteger(1, SceneClasses.Names.Count - 1) switch
    {
        SceneClasses.Ball => new Ball(random),
        SceneClasses.Crate => new Crate(random),
        SceneClasses.Tree => new Tree(random),
        SceneClasses.House => new House(random),
        SceneClasses.Ring => new Ring(random),
        SceneClasses.Mushroom => new Mushroom(random),
        var id => throw new InvalidOperationException($"No object is drawn for class {id}."),
    };

    private sealed record Place(SceneObject Thing, double CenterX, double BaseY, double HalfHeight)
    {
        /// <summary>The shared part of both bounding boxes, over the smaller one.</summary>
        public double Overlap(Place other)
        {
            double halfWidth = HalfHeight * Thing.HalfWidth, otherHalfWidth = other.HalfHeight * other.Thing.HalfWidth;
            double across = Math.Min(CenterX + halfWidth, other.CenterX + otherHalfWidth) - Math.Max(CenterX - halfWidth, other.CenterX - otherHalfWidth);
            double down = Math.Min(BaseY, other.BaseY) - Math.Max(BaseY - 2 * HalfHeight, other.BaseY - 2 * other.HalfHeight);
            double smaller = Math.Min(4 * halfWidth * HalfHeight, 4 * otherHalfWidth * other.HalfHeight);
            return Math.Max(0, across) * Math.Max(0, down) / smaller;
        }
    }
}
