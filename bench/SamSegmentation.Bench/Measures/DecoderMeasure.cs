using SamSegmentation.Bench.Measuring;
using SamSegmentation.Bench.Subjects;
using static TorchSharp.torch;

namespace SamSegmentation.Bench.Measures;

/// <summary>The semantic decoder, forward alone and with the backward pass, against its arithmetic.</summary>
internal sealed class DecoderMeasure : IMeasure
{
    private const int Batch = 4;

    public string Name => "decoder";

    public IReadOnlyList<Figure> Run(Effort effort)
    {
        var config = BenchNetwork.Config(effort);
        using var model = BenchNetwork.Create(config with { EncoderDepth = 1, GlobalAttentionBlocks = [0] });
        using var product = new MatrixProduct(effort == Effort.Smallest ? 1 : 10);
        using var embeddings = randn(Batch, config.EmbeddingChannels, config.GridSize, config.GridSize);
        var timings = Interleaved.Time(
            effort switch { Effort.Smallest => 1, Effort.Quick => 3, _ => 15 },
            product.Run,
            () =>
            {
                using var noGradient = no_grad();
                using var logits = model.decode(embeddings);
            },
            () =>
            {
                using var scope = NewDisposeScope();
                var logits = model.decode(embeddings);
                logits.backward([ones_like(logits)]);
            });
        var arithmetic = timings[0] * (Batch * NetworkOperations.Decoder(config, BenchNetwork.Classes) / product.Operations);
        const string To = "its arithmetic at the matrix product's rate";
        return
        [
            new Figure("decoder forward, batch 4", Batch / timings[1].Wall, "images/s").Over(timings[1], arithmetic, To),
            new Figure("decoder forward and backward, batch 4", Batch / timings[2].Wall, "images/s").Over(timings[2], arithmetic * 3, To),
        ];
    }
}
