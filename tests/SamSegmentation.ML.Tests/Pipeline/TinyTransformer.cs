using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Tests.Training;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Pipeline;

/// <summary>A transformer of the tiny network, always with the same weights.</summary>
internal static class TinyTransformer
{
    public static SamSemanticSegmentationTransformer Create(
        SegmentationOutputs outputs = SegmentationOutputs.None, int? batchSize = 2, string image = "Image", IReadOnlyList<string>? names = null,
        InferenceOptions? inference = null)
    {
        names ??= SceneFolder.Classes.Names;
        var model = new SegmentationModel(TinyNetwork.Create(names.Count), new SavedModelInfo
        {
            Config = TinyNetwork.Config,
            ClassNames = names,
            Preprocessing = nameof(Preprocessing.Sam),
        });
        return new SamSemanticSegmentationTransformer(model, new SegmentationColumns { Image = image, Outputs = outputs }, CPU, batchSize, null, inference ?? InferenceOptions.Default);
    }

    /// <summary>What the same network says of an image by the library's own predictor.</summary>
    public static SegmentationPrediction Expect(string path, int classes = 3, InferenceOptions? inference = null)
    {
        using var network = TinyNetwork.Create(classes);
        return new SegmentationPredictor(network, Preprocessing.Sam) { WithProbabilities = true, Inference = inference ?? InferenceOptions.Default }.Predict(RgbImage.Load(path));
    }
}
