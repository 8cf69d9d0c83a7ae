using SamSegmentation.Demo.Scenes.Objects;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.Demo.Scenes;

/// <summary>A picture in the making, and for each pixel which object it shows.</summary>
public sealed class Canvas
{
    // Each pixel is the mean of this many points across and down.
    private const int Samples = 3;

    private readonly int _height;
    private readonly int _width;
    private readonly Color[] _colors;
    private readonly int[] _objects;
    private readonly List<int> _classes = [SceneClasses.Background];

    public Canvas(int height, int width, Func<double, double, Color> backdrop)
    {
        _height = height;
        _width = width;
        _colors = new Color[height * width];
        _objects = new int[height * width];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                _colors[y * width + x] = backdrop(x + 0.5, y + 0.5);
        }
    }

    /// <summary>Darkens the floor where an object stands.</summary>
    public void AddShadow(double centerX, double baseY, double halfWidth, double lightSide)
    {
        double halfHeight = 0.28 * halfWidth;
        double shifted = centerX + 0.35 * halfWidth * lightSide;
        ForEachPixel(shifted, baseY, 1.3 * halfWidth, halfHeight, (x, y, at) =>
        {
            double across = (x + 0.5 - shifted) / (1.3 * halfWidth), down = (y + 0.5 - baseY) / halfHeight;
            double distance = across * across + down * down;
            if (distance < 1)
                _colors[at] *= 1 - 0.5 * (1 - distance);
        });
    }

    /// <summary>Draws an object over what is there.</summary>
    /// <param name="thing">The object.</param>
    /// <param name="centerX">The column of its middle.</param>
    /// <param name="baseY">The row that it stands on.</param>
    /// <param name="halfHeight">Half its height in pixels.</param>
    /// <param name="lightSide">1 for light from the left, −1 for light from the right: the object is mirrored.</param>
    public void Draw(SceneObject thing, double centerX, double baseY, double halfHeight, double lightSide)
    {
        int id = _classes.Count;
        _classes.Add(thing.ClassId);
        double cos = Math.Cos(thing.Tilt), sin = Math.Sin(thing.Tilt);
        double centerY = baseY - halfHeight;
        double reachX = halfHeight * (thing.HalfWidth * cos + Math.Abs(sin));
        double reachY = halfHeight * (cos + thing.HalfWidth * Math.Abs(sin));
        ForEachPixel(centerX, centerY, reachX, reachY, (x, y, at) =>
        {
            var sum = new Color(0, 0, 0);
            int covered = 0;
            for (int sample = 0; sample < Samples * Samples; sample++)
            {
                double right = (x + (sample % Samples + 0.5) / Samples - centerX) / halfHeight;
                double down = (y + (sample / Samples + 0.5) / Samples - centerY) / halfHeight;
                if (thing.At((right * cos + down * sin) * lightSide, down * cos - right * sin) is not { } color)
                    continue;
                sum += color;
                covered++;
            }
            if (covered == 0)
                return;
            double share = (double)covered / (Samples * Samples);
            _colors[at] = Color.Mix(_colors[at], sum * (1.0 / covered), share);
            if (share > 0.5)
                _objects[at] = id;
        });
    }

    /// <summary>The photograph, after a camera's tint, exposure and noise.</summary>
    public RgbImage ToImage(Color tint, double noise, SceneRandom random)
    {
        var pixels = new byte[_height * _width * 3];
        for (int y = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++)
            {
                double fromCenterX = 2.0 * x / _width - 1, fromCenterY = 2.0 * y / _height - 1;
                double vignette = 1 - 0.09 * (fromCenterX * fromCenterX + fromCenterY * fromCenterY);
                int at = y * _width + x;
                var color = _colors[at] * tint * vignette;
                pixels[3 * at] = Quantise(color.R + noise * random.NextNormal());
                pixels[3 * at + 1] = Quantise(color.G + noise * random.NextNormal());
                pixels[3 * at + 2] = Quantise(color.B + noise * random.NextNormal());
            }
        }
        return new RgbImage(_height, _width, pixels);
    }

    /// <summary>The class of each pixel; void where a neighbour shows another object, a band of two pixels as on VOC's outlines.</summary>
    public LabelMap ToLabels()
    {
        var labels = new LabelMap(_height, _width);
        for (int y = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++)
                labels.Ids[y * _width + x] = (ushort)(IsOnOutline(x, y) ? SceneClasses.Void : _classes[_objects[y * _width + x]]);
        }
        return labels;
    }

    private static byte Quantise(double channel) => (byte)Math.Clamp(channel * 255 + 0.5, 0, 255);

    private bool IsOnOutline(int x, int y)
    {
        int own = _objects[y * _width + x];
        for (int row = Math.Max(0, y - 1); row <= Math.Min(_height - 1, y + 1); row++)
        {
            for (int column = Math.Max(0, x - 1); column <= Math.Min(_width - 1, x + 1); column++)
            {
                if (_objects[row * _width + column] != own)
                    return true;
            }
        }
        return false;
    }

    private void ForEachPixel(double centerX, double centerY, double reachX, double reachY, Action<int, int, int> visit)
    {
        int left = Math.Max(0, (int)Math.Floor(centerX - reachX)), right = Math.Min(_width - 1, (int)Math.Ceiling(centerX + reachX));
        int top = Math.Max(0, (int)Math.Floor(centerY - reachY)), bottom = Math.Min(_height - 1, (int)Math.Ceiling(centerY + reachY));
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
                visit(x, y, y * _width + x);
        }
    }
}
