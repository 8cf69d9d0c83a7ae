using SamSegmentation.ML.Modeling;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Golden.Slow;

/// <summary>The network equals plain loops written from the papers, in float64, for dimensions of every odd kind.</summary>
public sealed class SlowComparisonTests
{
    private const double Exact = 1e-12;

    // Positions are encoded in float32 whatever the network's dtype; what follows from them amplifies the rounding.
    private const double SinglePositions = 1e-6;
    private const double FromSinglePositions = 1e-5;

    public static TheoryData<string> Networks { get; } = [.. OddNetworks.All.Keys];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Encode_OddNetwork_EqualsPlainLoops(string name)
    {
        var (config, classes, batch) = OddNetworks.All[name];
        using var scope = NewDisposeScope();
        using var model = InDouble(new SemanticSam(config, classes));
        var pixels = SlowWeights.Input("images", batch * 3L * config.ImageSize * config.ImageSize);
        var images = tensor(pixels, [batch, 3, config.ImageSize, config.ImageSize]);
        var slow = new SlowImageEncoder(config);

        var expected = Maps(pixels.Chunk(pixels.Length / batch).Select(slow.Encode), config.GridSize);

        AssertClose(expected, model.encode(images), Exact);
        // Without gradients the blocks reuse memory.
        using (no_grad())
            AssertClose(expected, model.encode(images), Exact);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Semantic_OddNetwork_EqualsPlainLoops(string name)
    {
        var (config, classes, batch) = OddNetworks.All[name];
        using var scope = NewDisposeScope();
        using var model = InDouble(new SemanticSam(config, classes));
        var embeddings = Embeddings(config, batch);
        var prompts = new SlowPromptEncoder(config);
        var slow = new SlowMaskDecoder(config, classes);
        var (positions, noMask, side) = (prompts.DensePositions(), prompts.NoMask(), 4 * config.GridSize);
        var images = Maps(embeddings, config.GridSize);

        var (iouToken, maskTokens, source) = model.mask_decoder!.attend(images, Maps([positions], config.GridSize), null, model.prompt_encoder!.no_mask());
        var transformed = embeddings.Select(embedding => slow.Transform(embedding, positions, [], embedding.Each(_ => noMask))).ToArray();
        AssertClose(Stack(transformed.Select(result => result.Tokens[..1])).squeeze(1), iouToken, Exact);
        AssertClose(Stack(transformed.Select(result => result.Tokens[1..])), maskTokens, Exact);
        AssertClose(Stack(transformed.Select(result => result.Source)), source, Exact);

        var expected = Stack(embeddings.Select(embedding => slow.Semantic(embedding, positions, noMask))).reshape(batch, classes, side, side);
        AssertClose(expected, model.mask_decoder!.semantic(images, Maps([positions], config.GridSize), model.prompt_encoder!.no_mask()), Exact);
        AssertClose(expected, model.decode(images), FromSinglePositions);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Predict_OddNetworkAndAnyPrompt_EqualsPlainLoops(string name)
    {
        var (config, _, _) = OddNetworks.All[name];
        using var scope = NewDisposeScope();
        using var sam = InDouble(new Sam(config));
        var embedding = Embeddings(config, 1)[0];
        var (size, side) = (config.ImageSize, 4 * config.GridSize);
        (double X, double Y, int Label)[] points = [(0.25 * size, 0.5 * size, 1), (0, size - 1, 0), (0.5 * size, 0.125 * size, -1)];
        double[] box = [0.25 * size, 0, 0.75 * size, 0.5 * size];
        var mask = SlowWeights.Input("mask", side * side);
        var prompts = new SlowPromptEncoder(config);
        var slow = new SlowMaskDecoder(config, 4);
        var (image, positions) = (Maps([embedding], config.GridSize), Maps([prompts.DensePositions()], config.GridSize));

        foreach (var (withPoints, withBox, withMask) in new[] { (false, false, false), (true, false, false), (false, true, false), (false, false, true), (true, true, true) })
        {
            double[][] sparse =
            [
                .. withPoints ? prompts.Points(points, boxFollows: withBox) : [],
                .. withBox ? prompts.Box(box[0], box[1], box[2], box[3]) : [],
            ];
            var dense = withMask ? prompts.Mask(mask) : embedding.Each(_ => prompts.NoMask());
            (Tensor, Tensor)? pointsAndLabels = withPoints
                ? (Single(points.SelectMany(point => new[] { point.X, point.Y }), 1, 3, 2), Single(points.Select(point => (double)point.Label), 1, 3))
                : null;
            var boxes = withBox ? Single(box, 1, 4) : null;
            var logits = withMask ? tensor(mask, [1, 1, side, side]) : null;

            var (actualSparse, actualDense) = sam.prompt_encoder.forward(pointsAndLabels, boxes, logits);
            Assert.Equal([1, sparse.Length, config.EmbeddingChannels], actualSparse.shape);
            if (sparse.Length > 0)
                AssertClose(Stack([sparse]), actualSparse, SinglePositions);
            AssertClose(Maps([dense], config.GridSize), actualDense, Exact);

            var (masks, iou) = slow.Prompted(embedding, prompts.DensePositions(), sparse, dense);
            foreach (var multimask in new[] { true, false })
            {
                var (first, count) = multimask ? (1, 3) : (0, 1);
                var expectedMasks = Stack([masks]).reshape(1, 4, side, side).narrow(1, first, count);
                var expectedIou = tensor(iou, [1, 4]).narrow(1, first, count);

                var exactSparse = sparse.Length > 0 ? Stack([sparse]) : zeros(1, 0, config.EmbeddingChannels, dtype: ScalarType.Float64);
                var (decodedMasks, decodedIou) = sam.mask_decoder.forward(image, positions, exactSparse, Maps([dense], config.GridSize), multimask);
                AssertClose(expectedMasks, decodedMasks, Exact);
                AssertClose(expectedIou, decodedIou, Exact);

                var (predictedMasks, predictedIou) = sam.predict(image, pointsAndLabels, boxes, logits, multimask);
                AssertClose(expectedMasks, predictedMasks, FromSinglePositions);
                AssertClose(expectedIou, predictedIou, FromSinglePositions);
            }
        }
    }

    [Fact]
    public void Predict_SeveralPrompts_EqualsEachAlone()
    {
        var (config, _, _) = OddNetworks.All["window does not divide the grid"];
        using var scope = NewDisposeScope();
        using var sam = InDouble(new Sam(config));
        var image = Maps(Embeddings(config, 1), config.GridSize);
        var side = 4 * config.GridSize;
        var points = Single([3, 4, 19, 0, 10, 10], 3, 1, 2);
        var labels = Single([1, 0, -1], 3, 1);
        var boxes = Single([0, 0, 10, 12, 5, 6, 7, 8, 1, 1, 19, 19], 3, 4);
        var logits = tensor(SlowWeights.Input("mask", 3L * side * side), [3, 1, side, side]);

        var (masks, iou) = sam.predict(image, (points, labels), boxes, logits, multimask: true);

        Assert.Equal([3, 3, side, side], masks.shape);
        for (var i = 0; i < 3; i++)
        {
            var (alone, aloneIou) = sam.predict(
                image, (points.narrow(0, i, 1), labels.narrow(0, i, 1)), boxes.narrow(0, i, 1), logits.narrow(0, i, 1), multimask: true);
            AssertClose(alone, masks.narrow(0, i, 1), Exact);
            AssertClose(aloneIou, iou.narrow(0, i, 1), Exact);
        }
    }

    private static T InDouble<T>(T module)
        where T : nn.Module
    {
        GoldenWeights.Fill(module);
        return module.to(ScalarType.Float64);
    }

    // Whole embeddings by hand: the decoder's tests need no encoder.
    private static double[][][] Embeddings(SamConfig config, int batch) =>
        [.. Enumerable.Range(0, batch).Select(i =>
            SlowWeights.Input($"embedding.{i}", (long)config.GridSize * config.GridSize * config.EmbeddingChannels).Chunk(config.EmbeddingChannels).ToArray())];

    // [B, n, C].
    private static Tensor Stack(IEnumerable<double[][]> batch)
    {
        var all = batch.ToArray();
        return tensor(all.SelectMany(rows => rows.SelectMany(row => row)).ToArray(), [all.Length, all[0].Length, all[0][0].Length]);
    }

    // C channels for each of g² cells: [B, C, g, g].
    private static Tensor Maps(IEnumerable<double[][]> batch, int grid)
    {
        var tokens = Stack(batch);
        return tokens.transpose(1, 2).reshape(tokens.shape[0], tokens.shape[2], grid, grid);
    }

    private static Tensor Single(IEnumerable<double> values, params long[] shape) => tensor(values.Select(value => (float)value).ToArray(), shape);

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(ScalarType.Float64, actual.dtype);
        Assert.Equal(expected.shape, actual.shape);
        var error = GoldenError.Relative(actual, expected);
        Assert.True(error <= tolerance, $"The relative error is {error:0.00e+0}; {tolerance:0e+0} is allowed.");
    }
}
