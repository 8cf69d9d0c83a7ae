using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline.Scoring;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Prediction.Logits;
using SamSegmentation.ML.Prediction.Passes;

namespace SamSegmentation.ML.Onnx.Scoring;

/// <summary>
/// Scores with a file of encoder and head: images of any size are prepared here, and its logits brought to their size, as the
/// library's own predictor does.
/// </summary>
internal sealed class NetworkScorer(OnnxNetwork network, InferenceOptions inference, bool withProbabilities, Action throwIfDisposed) : ImageScorer
{
    private readonly SamPreprocessor _preprocessor = new(network.Metadata.ImageSize, network.Metadata.Preprocessing);
    private readonly int _classes = network.Metadata.ClassNames.Count;
    private readonly (int Height, int Width) _cells = network.SizeOf(OnnxNames.Logits);

    // One cursor or row runs one image after another; the next one's values replace the last one's.
    private float[] _input = [];

    public override ImageInput Prepare(RgbImage image) => ImageInput.Of(image, _preprocessor.ImageSize, _preprocessor.Mode, inference);

    public override ImageOutput[] Score(IReadOnlyList<ImageInput> images)
    {
        throwIfDisposed();
        return [.. images.Select(Score)];
    }

    private ImageOutput Score(ImageInput image)
    {
        if (image.Prepared is { } prepared)
            return new ImageLogits(Run(prepared), prepared.Geometry);
        var scaled = new ScaledImages(image.Image, image.Plan.Size);
        return new FinishedOutput(new LogitAverage(image.Plan, _classes, batchSize: 1).Run(passes => [Run(scaled.Cut(passes[0]))], withProbabilities));
    }

    private LogitSquare Run(PreparedImage image)
    {
        var size = _preprocessor.ImageSize;
        if (_input.Length == 0)
            _input = new float[SamPreprocessor.Channels * size * size];
        else
            Array.Clear(_input);
        _preprocessor.Fill(image, _input);
        using var outputs = network.Run(OnnxNames.Input, _input, [1, SamPreprocessor.Channels, size, size], OnnxNames.Logits);
        float[] logits = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        return Array.TrueForAll(logits, float.IsFinite)
            ? new LogitSquare(logits, _classes, _cells.Height, _cells.Width)
            : throw new ArithmeticException($"The output of '{network.Name}' is not finite; check the network's weights.");
    }
}
