using SamSegmentation.ML.Hosting;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.WebDemo;

/// <summary>Segments photographs with the pool's model, which is loaded again when its file changes.</summary>
internal sealed class Segmenter(SegmentationPredictorPool pool)
{
    /// <summary>The classes' names by id.</summary>
    public async Task<IReadOnlyList<string>> ClassNamesAsync(CancellationToken cancellation)
    {
        using var lease = await pool.RentAsync(cancellation: cancellation);
        return lease.Info.ClassNames;
    }

    /// <summary>Segments a photograph, as soon as it is its turn.</summary>
    public async Task<Segmented> SegmentAsync(RgbImage image, CancellationToken cancellation)
    {
        using var lease = await pool.RentAsync(cancellation: cancellation);
        var names = lease.Info.ClassNames;
        var labels = await Task.Run(() => lease.Predictor.Predict(image).Labels, cancellation);
        var classes = labels.Ids.CountBy(id => id)
            .OrderByDescending(pair => pair.Value)
            .Select(pair => new SegmentedClass(pair.Key, names[pair.Key], Color(pair.Key), pair.Value, (double)pair.Value / labels.Ids.Length));
        return new Segmented(labels.Width, labels.Height, LabelMapPng.EncodePalette(labels, ColorMap.Voc), Color(0), [.. classes]);
    }

    private static int[] Color(int id)
    {
        var (r, g, b) = ColorMap.Voc[id];
        return [r, g, b];
    }
}
