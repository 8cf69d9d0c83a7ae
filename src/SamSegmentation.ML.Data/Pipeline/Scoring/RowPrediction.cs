using Microsoft.ML.Data;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.ML.Pipeline.Scoring;

/// <summary>The outputs of one row, each computed when it is first asked for.</summary>
/// <param name="image">The photograph.</param>
/// <param name="output">The network's output; called at most once.</param>
internal sealed class RowPrediction(RgbImage image, Func<ImageOutput> output)
{
    private ImageOutput? _output;
    private LabelMap? _labels;
    private float[]? _probabilities;

    public int Height => image.Height;

    public int Width => image.Width;

    public LabelMap Labels => _labels ??= Output.Classify();

    public float[] Probabilities
    {
        get
        {
            if (_probabilities is null)
                (_labels, _probabilities) = Output.ClassifyWithProbabilities();
            return _probabilities;
        }
    }

    private ImageOutput Output => _output ??= output();

    /// <summary>The classes in their colours, as an image of the caller's.</summary>
    public MLImage DrawMask(ColorMap colors) => colors.Colorize(Labels).ToMLImage();

    /// <summary>The colours over the photograph, as an image of the caller's.</summary>
    public MLImage DrawOverlay(ColorMap colors) => Overlay.Blend(image, Labels, colors).ToMLImage();
}
