using SamSegmentation.Demo.Scenes;
using SamSegmentation.Demo.Scenes.Objects;
using Xunit;

namespace SamSegmentation.ML.Tests.Demo;

public class CanvasTests
{
    private static readonly Color s_black = new(0, 0, 0);
    private static readonly Color s_red = new(1, 0, 0);
    private static readonly Color s_blue = new(0, 0, 1);

    [Fact]
    public void Draw_Square_PaintsAndLabelsItWithAVoidOutline()
    {
        var canvas = new Canvas(20, 20, (_, _) => s_black);
        canvas.Draw(new Square(2, s_red), centerX: 10, baseY: 15, halfHeight: 5, lightSide: 1);
        var labels = canvas.ToLabels();

        // The square takes rows 5 to 14 and columns 5 to 14; one pixel on each side of its edge is void.
        for (int y = 0; y < 20; y++)
        {
            for (int x = 0; x < 20; x++)
            {
                int outside = Math.Max(Math.Max(5 - x, x - 14), Math.Max(5 - y, y - 14));
                int expected = outside < 0 ? 2 : outside <= 1 ? SceneClasses.Void : SceneClasses.Background;
                Assert.Equal(expected, labels[y, x]);
            }
        }
        byte[] pixels = canvas.ToImage(Color.White, 0, new SceneRandom(1)).Pixels;
        Assert.Equal([(byte)255, 0, 0], Vignetted(pixels, 10, 10));
        Assert.Equal([(byte)0, 0, 0], Vignetted(pixels, 2, 2));

        static byte[] Vignetted(byte[] pixels, int y, int x) =>
            [.. pixels.Skip((y * 20 + x) * 3).Take(3).Select(channel => channel > 225 ? (byte)255 : channel)];
    }

    [Fact]
    public void Draw_SecondObject_HidesTheFirst()
    {
        var canvas = new Canvas(20, 30, (_, _) => s_black);
        canvas.Draw(new Square(1, s_red), 12, 16, 6, 1);
        canvas.Draw(new Square(2, s_blue), 18, 16, 6, 1);
        var labels = canvas.ToLabels();

        Assert.Equal(1, labels[10, 8]);
        Assert.Equal(SceneClasses.Void, labels[10, 11]);
        Assert.Equal(SceneClasses.Void, labels[10, 12]);
        Assert.Equal(2, labels[10, 15]);
    }

    [Fact]
    public void Draw_TwoOfOneClass_AreSeparatedByVoid()
    {
        var canvas = new Canvas(20, 30, (_, _) => s_black);
        canvas.Draw(new Square(1, s_red), 12, 16, 6, 1);
        canvas.Draw(new Square(1, s_blue), 18, 16, 6, 1);

        Assert.Equal([1, 255, 255, 1], Enumerable.Range(10, 4).Select(x => (int)canvas.ToLabels()[10, x]));
    }

    [Fact]
    public void Draw_Ring_ShowsWhatIsBehindItsHole()
    {
        var canvas = new Canvas(60, 60, (_, _) => s_black);
        canvas.Draw(new Square(2, s_blue), 30, 55, 25, 1);
        canvas.Draw(new Ring(new SceneRandom(3)), 30, 50, 20, 1);
        var labels = canvas.ToLabels();

        Assert.Equal(2, labels[30, 30]);
        Assert.Equal(SceneClasses.Ring, labels[44, 30]);
    }

    [Fact]
    public void Draw_LightFromTheRight_MirrorsTheObject()
    {
        var canvas = new Canvas(10, 20, (_, _) => s_black);
        canvas.Draw(new LeftHalf(), 10, 10, 5, lightSide: -1);
        var labels = canvas.ToLabels();

        Assert.Equal(SceneClasses.Background, labels[5, 7]);
        Assert.Equal(1, labels[5, 12]);
    }

    [Fact]
    public void Draw_PartlyOutside_IsCut()
    {
        var canvas = new Canvas(10, 10, (_, _) => s_black);
        canvas.Draw(new Square(1, s_red), 0, 12, 5, 1);
        canvas.Draw(new Square(1, s_red), 100, 5, 5, 1);

        Assert.Equal(1, canvas.ToLabels()[9, 0]);
        Assert.Equal(SceneClasses.Background, canvas.ToLabels()[9, 9]);
    }

    private sealed class Square(int classId, Color color) : SceneObject
    {
        public override int ClassId => classId;

        public override double HalfWidth => 1;

        public override double RelativeHeight => 1;

        public override Color? At(double u, double v) => Math.Abs(u) <= 1 && Math.Abs(v) <= 1 ? color : null;
    }

    private sealed class LeftHalf : SceneObject
    {
        public override int ClassId => 1;

        public override double HalfWidth => 1;

        public override double RelativeHeight => 1;

        public override Color? At(double u, double v) => u is >= -1 and <= 0 && Math.Abs(v) <= 1 ? s_red : null;
    }
}
