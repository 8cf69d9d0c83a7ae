using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline.Scoring;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Prediction.Passes;

namespace SamSegmentation.ML.Onnx.Scoring;

/// <summary>Scores with a file that does everything itself, for images of one size.</summary>
internal sealed class CompleteScorer(OnnxNetwork network, bool withProbabilities, Action throwIfDisposed) : ImageScorer
{
    private readonly int _height = network.Metadata.Height!.Value;
    private readonly int _width = network.Metadata.Width!.Value;
    private readonly string[] _outputs = withProbabilities ? [OnnxNames.PredictedLabel, OnnxNames.Score] : [OnnxNames.PredictedLabel];

    /// <exception cref="InvalidOperationException">The image is of another size.</exception>
    public override ImageInput Prepare(RgbImage image)
    {
        if ((image.Height, image.Width) != (_height, _width))
        {
            throw new InvalidOperationException(
                $"The image has {image.Width}×{image.Height} pixels; '{network.Name}' takes images of {_width}×{_height} alone. Resize them, or export the form {OnnxForm.Network}, which takes any size.");
        }
        var (size, mode) = (network.Metadata.ImageSize, network.Metadata.Preprocessing);
        return new ImageInput(image, InferencePlan.Of(_height, _width, size, mode, InferenceOptions.Default), null);
    }

    public override ImageOutput[] Score(IReadOnlyList<ImageInput> images)
    {
        throwIfDisposed();
        return [.. images.Select(image => new FinishedOutput(Run(image.Image)))];
    }

    private SegmentationPrediction Run(RgbImage image)
    {
        using var outputs = network.Run(OnnxNames.Pixels, Planes(image), [1, SamPreprocessor.Channels, _height, _width], _outputs);
        var map = new LabelMap(_height, _width);
        if (network.IsWide(OnnxNames.PredictedLabel))
            outputs[0].GetTensorDataAsSpan<ushort>().CopyTo(map.Ids);
        else
            Widen(outputs[0].GetTensorDataAsSpan<byte>(), map.Ids);
        return new SegmentationPrediction(map, withProbabilities ? outputs[1].GetTensorDataAsSpan<float>().ToArray() : null);
    }

    private static void Widen(ReadOnlySpan<byte> narrow, Span<ushort> ids)
    {
        for (var i = 0; i < ids.Length; i++)
            ids[i] = narrow[i];
    }

    // Red, green and blue after one another, on 0 to 255.
    private static float[] Planes(RgbImage image)
    {
        var pixels = image.Height * image.Width;
        var planes = new float[SamPreprocessor.Channels * pixels];
        for (var i = 0; i < pixels; i++)
        {
            for (var channel = 0; channel < SamPreprocessor.Channels; channel++)
                planes[channel * pixels + i] = image.Pixels[SamPreprocessor.Channels * i + channel];
        }
        return planes;
    }
}
