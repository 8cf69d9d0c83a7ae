using SamSegmentation.Bench.Measuring;
using SamSegmentation.Bench.Subjects;
using SamSegmentation.ML.Modeling;
using static TorchSharp.torch;

namespace SamSegmentation.Bench.Measures;

/// <summary>
/// The image encoder against the time that its arithmetic takes at the rate of a matrix product; unless it must be quick, also
/// of four images at once, and both in bfloat16.
/// </summary>
internal sealed class EncoderMeasure : IMeasure
{
    private const int Several = 4;

    public string Name => "encoder";

    public IReadOnlyList<Figure> Run(Effort effort)
    {
        var config = BenchNetwork.Config(effort);
        using var model = BenchNetwork.Create(config);
        using var product = new MatrixProduct(effort == Effort.Smallest ? 1 : 5);
        using var image = randn(1, 3, config.ImageSize, config.ImageSize);
        var operations = NetworkOperations.Encoder(config);
        var timings = Beside(product, image, effort switch { Effort.Smallest => 1, Effort.Quick => 2, _ => 7 });
        var figures = new List<Figure>
        {
            new("2048³ matrix product", product.Operations / timings.Product.Wall / 1e9, "GFLOP/s"),
            Compared("encoder", timings, images: 1) with { Goal = Goal.RatioAtMost(1.33) },
            BenchNetwork.MemoryAboveWeights("encoder, one image", model) with { Goal = Goal.ValueAtMost(954) },
        };
        if (effort == Effort.Quick)
            return figures;

        var rounds = effort == Effort.Smallest ? 1 : 2;
        using var images = image.expand(Several, 3, config.ImageSize, config.ImageSize).contiguous();
        figures.Add(Compared("encoder of four images at once", Beside(product, images, rounds), Several));
        model.image_encoder.Precision = EncoderPrecision.BFloat16;
        var narrow = Beside(product, image, rounds);
        figures.Add(Compared("encoder in bfloat16", narrow, images: 1));
        figures.Add(new Figure("encoder in bfloat16, against float32", narrow.Encoder.Wall, "s").Over(narrow.Encoder, timings.Encoder, "float32"));
        figures.Add(Compared("encoder of four images at once in bfloat16", Beside(product, images, effort == Effort.Smallest ? 1 : 0), Several));
        return figures;

        // The product before and after: half of each stands for the machine's speed meanwhile. Without rounds, a single cold one.
        (Timing Product, Timing Encoder) Beside(MatrixProduct limit, Tensor input, int count)
        {
            Action[] works = [limit.Run, () => BenchNetwork.Encode(model, input), limit.Run];
            var found = count == 0 ? Interleaved.TimeWarm(1, works) : Interleaved.Time(count, works);
            return ((found[0] + found[2]) / 2, found[1]);
        }

        Figure Compared(string name, (Timing Product, Timing Encoder) found, int images) =>
            new Figure($"{name}, {images * operations / 1e9:F0} GFLOP", found.Encoder.Wall, "s")
                .Over(found.Encoder, found.Product * (images * operations / product.Operations), "its arithmetic at the matrix product's rate");
    }
}
