using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.WebDemo;

/// <summary>Segments photographs with one model, one at a time: a single prediction uses all cores.</summary>
internal sealed class Segmenter : IDisposable
{
    private readonly SegmentationModel _model;
    private readonly SegmentationPredictor _predictor;
    private readonly SemaphoreSlim _turn = new(1);

    private Segmenter(SegmentationModel model, string path)
    {
        _model = model;
        _predictor = new SegmentationPredictor(model.Network, model.Preprocessing);
        File = Path.GetFileName(path);
    }

    /// <summary>The model's file, without its folder.</summary>
    public string File { get; }

    /// <summary>The classes' names by id.</summary>
    public IReadOnlyList<string> ClassNames => _model.Info.ClassNames;

    /// <summary>Loads the model.</summary>
    public static Segmenter Load(string path) => new(SegmentationModel.Load(path), path);

    /// <summary>Segments a photograph, as soon as it is its turn.</summary>
    public async Task<Segmented> SegmentAsync(RgbImage image, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        LabelMap labels;
        try
        {
            labels = await Task.Run(() => _predictor.Predict(image).Labels, cancellation);
        }
        finally
        {
            _turn.Release();
        }
        var classes = labels.Ids.CountBy(id => id)
            .OrderByDescending(pair => pair.Value)
            .Select(pair => new SegmentedClass(pair.Key, ClassNames[pair.Key], Color(pair.Key), pair.Value, (double)pair.Value / labels.Ids.Length));
        return new Segmented(labels.Width, labels.Height, LabelMapPng.EncodePalette(labels, ColorMap.Voc), Color(0), [.. classes]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _model.Dispose();
        _turn.Dispose();
    }

    private static int[] Color(int id)
    {
        var (r, g, b) = ColorMap.Voc[id];
        return [r, g, b];
    }
}
