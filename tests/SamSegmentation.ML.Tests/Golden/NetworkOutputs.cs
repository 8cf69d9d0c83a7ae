using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Golden;

/// <summary>What the semantic network computes on a case's images.</summary>
internal static class NetworkOutputs
{
    /// <summary>The label of pixels that do not count.</summary>
    public const int Void = 255;

    /// <summary>Computes every quantity of the network that the case states.</summary>
    public static Dictionary<string, Tensor> Compute(GoldenCase golden)
    {
        NativeAllocator.KeepFreedMemory();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var model = HashMade(golden);
        var images = golden.Images().to(ScalarType.Float32);
        var decoder = model.mask_decoder!;

        var embedding = model.encode(images / 255);
        var positions = model.prompt_encoder!.dense_pe();
        var (iouToken, maskTokens, source) = decoder.attend(embedding, positions, null, model.prompt_encoder!.no_mask());
        var logits = model.decode(embedding);
        var outputs = new Dictionary<string, Tensor>
        {
            ["embedding.seed"] = embedding,
            ["embedding.meta"] = model.encode((images - PerChannel(SamPreprocessor.Mean)) / PerChannel(SamPreprocessor.StandardDeviation)),
            ["dense_pe"] = positions,
            ["decoder_src"] = source,
            ["mask_tokens"] = maskTokens,
            ["iou_token"] = iouToken,
            ["logits"] = logits,
            ["iou"] = decoder.predict_iou(iouToken),
        };
        if (!golden.IsSampled)
        {
            var upsampled = Upsample(golden, logits);
            outputs["upsampled"] = upsampled;
            outputs["class_id"] = upsampled.argmax(1);
            outputs["cross_entropy"] = CrossEntropy(golden, upsampled);
        }
        return outputs.ToDictionary(pair => pair.Key, pair => pair.Value.MoveToOuterDisposeScope());
    }

    /// <summary>The case's network with the weights that the hash makes.</summary>
    public static SemanticSam HashMade(GoldenCase golden)
    {
        var model = new SemanticSam(golden.Config, golden.Classes);
        GoldenWeights.Fill(model);
        return model;
    }

    /// <summary>Logits at the input's size.</summary>
    public static Tensor Upsample(GoldenCase golden, Tensor logits) =>
        MaskUpsampling.Upsample(logits, 1, 1, golden.Config.ImageSize, golden.Config.ImageSize);

    /// <summary>Cross-entropy of logits at the input's size against the case's label, void left out.</summary>
    public static Tensor CrossEntropy(GoldenCase golden, Tensor upsampled)
    {
        using var label = golden.Read("label");
        using var target = label.to(ScalarType.Int64);
        return nn.functional.cross_entropy(upsampled, target, ignore_index: Void);
    }

    private static Tensor PerChannel(IReadOnlyList<float> values) => tensor(values.ToArray(), [1, 3, 1, 1]);
}
