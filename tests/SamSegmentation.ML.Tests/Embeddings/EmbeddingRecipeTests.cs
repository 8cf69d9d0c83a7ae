using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Embeddings;

public sealed class EmbeddingRecipeTests
{
    [Fact]
    public void KeyOf_EverythingThatMatters_ChangesTheKey()
    {
        using var model = TinyNetwork.Create();
        var image = TinyScenes.Make(1).Image;
        var keys = new List<CacheKey>
        {
            Recipe().KeyOf(image),
            Recipe(preprocessing: Preprocessing.Stretch).KeyOf(image),
            Recipe(dtype: EmbeddingDType.Float32).KeyOf(image),
            Recipe().KeyOf(image, view: "mirrored"),
            Recipe().KeyOf(TinyScenes.Make(2).Image),
            // The same bytes as an image of another shape.
            Recipe().KeyOf(new RgbImage(image.Width, image.Height, image.Pixels)),
        };
        model.image_encoder.Precision = EncoderPrecision.BFloat16;
        keys.Add(Recipe().KeyOf(image));
        model.image_encoder.Precision = EncoderPrecision.Float32;
        using (no_grad())
            model.image_encoder.named_parameters().First().parameter.add_(1e-6f);
        keys.Add(Recipe().KeyOf(image));

        Assert.Equal(keys.Count, keys.Distinct().Count());

        EmbeddingRecipe Recipe(Preprocessing preprocessing = Preprocessing.Sam, EmbeddingDType dtype = EmbeddingDType.Float16) =>
            new(model, preprocessing, dtype);
    }

    [Fact]
    public void KeyOf_SameContent_SameKey()
    {
        using var one = TinyNetwork.Create();
        using var other = TinyNetwork.Create(classes: 5);

        // The decoder takes no part in an embedding.
        Assert.Equal(
            new EmbeddingRecipe(one, Preprocessing.Sam, EmbeddingDType.Float16).KeyOf(TinyScenes.Make(1).Image),
            new EmbeddingRecipe(other, Preprocessing.Sam, EmbeddingDType.Float16).KeyOf(TinyScenes.Make(1).Image));
    }

    [Fact]
    public void Compute_SameEncoderValuesInOtherDimensions_ChangeTheHash()
    {
        var config = TinyNetwork.Config;
        string[] hashes =
        [
            Hash(config),
            Hash(config with { GlobalAttentionBlocks = [0] }),
            Hash(config with { WindowSize = 5 }),
            Hash(config with { EncoderHeads = 4 }),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());

        static string Hash(SamConfig config)
        {
            using var model = new SemanticSam(config, 2);
            using var noGradient = no_grad();
            foreach (var parameter in model.parameters())
                parameter.zero_();
            return WeightsHash.Compute(model.image_encoder);
        }
    }
}
