using SamSegmentation.Bench.Measuring;
using SamSegmentation.Bench.Subjects;
using static TorchSharp.torch;

namespace SamSegmentation.Bench.Measures;

/// <summary>The image encoder against the time that its arithmetic takes at the rate of a matrix product.</summary>
internal sealed class EncoderMeasure : IMeasure
{
    public string Name => "encoder";

    public IReadOnlyList<Figure> Run(Effort effort)
    {
        var config = BenchNetwork.Config(effort);
        using var model = BenchNetwork.Create(config);
        using var product = new MatrixProduct(effort == Effort.Smallest ? 1 : 10);
        using var image = randn(1, 3, config.ImageSize, config.ImageSize);
        var timings = Interleaved.Time(
            effort switch { Effort.Smallest => 1, Effort.Quick => 2, _ => 7 },
            product.Run,
            () =>
            {
                using var noGradient = no_grad();
                using var embedding = model.encode(image);
            });
        var operations = NetworkOperations.Encoder(config);
        var limit = timings[0] * (operations / product.Operations);
        return
        [
            new Figure("2048³ matrix product", product.Operations / timings[0].Wall / 1e9, "GFLOP/s"),
            new Figure($"encoder, {operations / 1e9:F0} GFLOP", timings[1].Wall, "s") { Goal = "≤ 1.33" }
                .Over(timings[1], limit, "its arithmetic at the matrix product's rate"),
        ];
    }
}
