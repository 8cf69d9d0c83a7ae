using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Reports.Pictures;

namespace SamSegmentation.ML.Training.Runs;

/// <summary>The first images of the validation set, small, to be shown beside truth and prediction.</summary>
/// <param name="count">How many are kept.</param>
internal sealed class LoggedImages(int count)
{
    // Kept in memory for the whole run: at most 300 kB each.
    private const int LongestSide = 320;

    private readonly List<(string Id, RgbImage Photo)> _images = [];

    /// <summary>Keeps a small copy of an image, unless there are enough.</summary>
    public void Offer(LabeledImage sample)
    {
        if (_images.Count == count)
            return;
        var image = sample.Image;
        var (height, width) = ImageGeometry.SizeWithin(image.Height, image.Width, LongestSide);
        _images.Add((sample.Id, PillowResize.Bilinear(image, height, width)));
    }

    /// <summary>The picture of an image: photograph, truth, prediction, side by side; null if it was not kept.</summary>
    /// <param name="index">The image's place in the set.</param>
    /// <param name="truth">Its true classes, at its own size.</param>
    /// <param name="prediction">Its predicted classes, at its own size.</param>
    public (string Id, RgbImage Picture)? Picture(int index, LabelMap truth, LabelMap prediction)
    {
        if (index >= _images.Count)
            return null;
        var (id, photo) = _images[index];
        return (id, SideBySide(photo, Colored(truth, photo), Colored(prediction, photo)));
    }

    private static RgbImage Colored(LabelMap map, RgbImage photo) => ClassColors.All.Colorize(map.ResizeNearest(photo.Height, photo.Width));

    private static RgbImage SideBySide(params RgbImage[] images)
    {
        var (height, width) = (images[0].Height, images[0].Width);
        var pixels = new byte[3 * height * width * images.Length];
        for (var y = 0; y < height; y++)
        {
            for (var i = 0; i < images.Length; i++)
                images[i].Pixels.AsSpan(3 * y * width, 3 * width).CopyTo(pixels.AsSpan(3 * width * (y * images.Length + i)));
        }
        return new RgbImage(height, width * images.Length, pixels);
    }
}
