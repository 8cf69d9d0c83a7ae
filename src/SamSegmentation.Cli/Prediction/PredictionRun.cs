using SamSegmentation.Cli.Commands;
using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Networks;
using SamSegmentation.Cli.Settings;
using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.Cli.Prediction;

/// <summary>Predicts images and writes what the settings ask for.</summary>
/// <param name="settings">The checked settings.</param>
/// <param name="output">Told of progress and of bad images.</param>
internal sealed class PredictionRun(SamSegSettings settings, CommandOutput output)
{
    private int _bad;

    /// <summary>Predicts all images.</summary>
    /// <param name="loaded">The settings with their places.</param>
    /// <param name="inputs">The images.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>; what is written stays.</param>
    /// <returns>How many images were predicted.</returns>
    /// <exception cref="DatasetException">More images cannot be used than the policy allows; the others are written.</exception>
    public int Run(LoadedSettings<SamSegSettings> loaded, IReadOnlyList<ImageInput> inputs, CancellationToken cancellation)
    {
        var device = Machine.Prepare(loaded);
        using var model = TrainedNetwork.Load(settings.Model, device, output.Display);
        var predictor = TrainedNetwork.Predictor(model, settings, device, output.Warn);
        var asked = settings.Prediction;
        var pictures = asked.Outputs == PredictionOutput.None ? null : new PredictionWriter(asked.Output, asked.Outputs, opacity: asked.Opacity);
        var done = 0;
        foreach (var (item, prediction) in predictor.Predict(Read(inputs), pair => pair.Image, cancellation))
        {
            pictures?.Write(item.Input.Id, item.Image, prediction.Labels);
            if (asked.Probabilities)
                ProbabilitiesFile.Write(asked.Output, item.Input.Id, prediction, model.Info.ClassNames);
            done++;
            output.Display.Progress("predicting", done + _bad, inputs.Count);
        }
        if (_bad > 0 && (done == 0 || _bad > settings.Dataset.MaxSkipped * inputs.Count))
        {
            throw new DatasetException(asked.Output, FormattableString.Invariant(
                $"{_bad} of {inputs.Count} images cannot be used; expected at most {settings.Dataset.MaxSkipped:0.####} of them (dataset.max_skipped). The other {done} are predicted"));
        }
        return done;
    }

    // On the predictor's reading thread; the image that fails the run comes as an error where it would have come.
    private IEnumerable<(ImageInput Input, RgbImage Image)> Read(IEnumerable<ImageInput> inputs)
    {
        foreach (var input in inputs)
        {
            RgbImage image;
            try
            {
                image = RgbImage.Load(input.Path, settings.Dataset.Limits);
            }
            catch (Exception bad) when (settings.Dataset.BadSamples == BadSamplePolicy.Skip
                && bad is ImageFormatException or IOException or UnauthorizedAccessException)
            {
                Interlocked.Increment(ref _bad);
                output.Warn($"skipped {bad.Message}");
                continue;
            }
            yield return (input, image);
        }
    }
}
