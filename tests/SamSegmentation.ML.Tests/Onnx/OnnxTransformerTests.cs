using Microsoft.ML;
using SamSegmentation.ML.Onnx;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Tests.Pipeline;

namespace SamSegmentation.ML.Tests.Onnx;

public sealed class OnnxTransformerTests : SegmentationTransformerTests
{
    protected override float ScoreTolerance => 1e-4f;

    protected override SegmentationTransformer Create(
        SegmentationOutputs outputs, int batchSize, string image, IReadOnlyList<string>? names, InferenceOptions? inference)
    {
        using var file = new MemoryStream(TinyOnnx.Network(names ?? SceneFolder.Classes.Names));
        return new MLContext().Segmentation().LoadOnnx(file, new OnnxSegmentationOptions
        {
            Columns = new SegmentationColumns { Image = image, Outputs = outputs },
            BatchSize = batchSize,
            Inference = inference ?? InferenceOptions.Default,
            ThreadCount = 1,
        });
    }
}
