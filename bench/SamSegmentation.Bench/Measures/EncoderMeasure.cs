using SamSegmentation.Bench.Measuring;
using SamSegmentation.Bench.Subjects;
using SamSegmentation.ML.Modeling;
using static TorchSharp.torch;

namespace SamSegmentation.Bench.Measures;

/// <summary>
/// The image encoder against the time that its arithmetic takes at the rate of a matrix product; unless it must be quick, also
/// of four images at once, and in bfloat16.
/// </summary>
internal sealed class EncoderMeasure : IMeasure
{
    public string Name => "encoder";

    public IReadOnlyList<Figure> Run(Effort effort)
    {
        var config = BenchNetwork.Config(effort);
        using var model = BenchNetwork.Create(config);
        using var product = new MatrixProduct(effort == Effort.Smallest ? 1 : 10);
        using var image = randn(1, 3, config.ImageSize, config.ImageSize);
        var operations = NetworkOperations.Encoder(config);
        var timings = Interleaved.Time(effort switch { Effort.Smallest => 1, Effort.Quick => 2, _ => 7 }, product.Run, () => Encode(model, image));
        var figures = new List<Figure>
        {
            new("2048³ matrix product", product.Operations / timings[0].Wall / 1e9, "GFLOP/s"),
            Compared("encoder", timings, images: 1) with { Goal = "≤ 1.33" },
        };
        if (effort == Effort.Quick)
            return figures;

        var rounds = effort == Effort.Smallest ? 1 : 2;
        using (var images = image.expand(4, 3, config.ImageSize, config.ImageSize).contiguous())
            figures.Add(Compared("encoder of four images at once", Interleaved.Time(rounds, product.Run, () => Encode(model, images)), images: 4));
        model.image_encoder.Precision = EncoderPrecision.BFloat16;
        figures.Add(Compared("encoder in bfloat16", Interleaved.Time(rounds, product.Run, () => Encode(model, image)), images: 1));
        return figures;

        Figure Compared(string name, Timing[] found, int images) =>
            new Figure($"{name}, {images * operations / 1e9:F0} GFLOP", found[1].Wall, "s")
                .Over(found[1], found[0] * (images * operations / product.Operations), "its arithmetic at the matrix product's rate");
    }

    private static void Encode(SemanticSam model, Tensor images)
    {
        using var noGradient = no_grad();
        using var embedding = model.encode(images);
    }
}
