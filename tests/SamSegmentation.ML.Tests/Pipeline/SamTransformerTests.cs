using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.ML.Tests.Pipeline;

public sealed class SamTransformerTests : SegmentationTransformerTests
{
    protected override float ScoreTolerance => 1e-5f;

    protected override SegmentationTransformer Create(
        SegmentationOutputs outputs, int batchSize, string image, IReadOnlyList<string>? names, InferenceOptions? inference) =>
        TinyTransformer.Create(outputs, batchSize, image, names, inference);
}
