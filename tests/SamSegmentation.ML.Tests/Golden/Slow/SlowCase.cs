using System.Globalization;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Golden.Slow;

/// <summary>Writes a file of the golden cases' form whose numbers come from plain loops instead of PyTorch.</summary>
internal static class SlowCase
{
    private const int Void = 255;

    /// <summary>Writes the case: everything of a golden case but the training.</summary>
    public static void Write(string path, SamConfig config, int classes, int batch)
    {
        using var scope = NewDisposeScope();
        var (size, grid, channels, side) = (config.ImageSize, config.GridSize, config.EmbeddingChannels, 4 * config.GridSize);
        var (encoder, prompts, decoder) = (new SlowImageEncoder(config), new SlowPromptEncoder(config), new SlowMaskDecoder(config, classes));
        var (positions, noMask) = (prompts.DensePositions(), prompts.NoMask());

        var images = Bytes("image", batch * 3 * size * size, 256);
        // A sixteenth of the pixels is void.
        var voids = Bytes("void", batch * size * size, 16);
        byte[] labels = [.. Bytes("label", batch * size * size, classes).Zip(voids, (id, share) => share == 0 ? (byte)Void : id)];
        double[][] unit = [.. images.Chunk(3 * size * size).Select(image => Array.ConvertAll(image, value => value / 255.0))];
        double[][][] seed = [.. unit.Select(encoder.Encode)];
        double[][][] meta = [.. unit.Select(image => encoder.Encode(SlowPixels.Standardise(image)))];
        var transformed = seed.Select(embedding => decoder.Transform(embedding, positions, [], embedding.Each(_ => noMask))).ToArray();
        double[][][] logits = [.. seed.Select(embedding => decoder.Semantic(embedding, positions, noMask))];
        double[][][] upsampled = [.. logits.Select(maps => maps.Each(map => SlowPixels.Upsample(map, side, size)))];
        var iouHead = SlowLayers.Mlp("mask_decoder.iou_prediction_head", channels, config.IouHiddenDim, config.IouHiddenDim, 4);
        var area = size * size;

        var tensors = new Dictionary<string, Tensor>
        {
            ["image"] = tensor(images, [batch, 3, size, size]),
            ["label"] = tensor(labels, [batch, size, size]),
            ["embedding.seed"] = Maps(seed),
            ["embedding.meta"] = Maps(meta),
            ["dense_pe"] = Maps([positions]),
            ["decoder_src"] = Floats(transformed.Select(result => result.Source), batch, grid * grid, channels),
            ["mask_tokens"] = Floats(transformed.Select(result => result.Tokens[1..]), batch, 4, channels),
            ["iou_token"] = Floats(transformed.Select(result => result.Tokens[..1]), batch, channels),
            ["iou"] = Floats(transformed.Select(result => new[] { iouHead(result.Tokens[0]) }), batch, 4),
            ["logits"] = Floats(logits, batch, classes, side, side),
            ["upsampled"] = Floats(upsampled, batch, classes, size, size),
            ["class_id"] = tensor(upsampled.SelectMany(maps => Enumerable.Range(0, area).Select(pixel => SlowPixels.Class(maps, pixel))).ToArray(), [batch, size, size]),
        };
        AddPrompts(tensors, config, meta[0], positions);

        var entropies = Enumerable.Range(0, batch * area).Where(i => labels[i] != Void).Select(i => SlowPixels.CrossEntropy(upsampled[i / area], i % area, labels[i]));
        SafetensorsFile.Write(path, tensors, new Dictionary<string, string>
        {
            ["img"] = Text(size),
            ["patch"] = Text(config.PatchSize),
            ["dim"] = Text(config.EncoderDim),
            ["depth"] = Text(config.EncoderDepth),
            ["heads"] = Text(config.EncoderHeads),
            ["window"] = Text(config.WindowSize),
            ["glob"] = $"[{string.Join(", ", config.GlobalAttentionBlocks)}]",
            ["chans"] = Text(channels),
            ["dec_heads"] = Text(config.DecoderHeads),
            ["mlp"] = Text(config.DecoderMlpDim),
            ["classes"] = Text(classes),
            ["batch"] = Text(batch),
            ["cross_entropy"] = entropies.Average().ToString("R", CultureInfo.InvariantCulture),
        });

        Tensor Maps(double[][][] tokens) => Floats(tokens, tokens.Length, grid, grid, channels).permute(0, 3, 1, 2);
    }

    private static void AddPrompts(Dictionary<string, Tensor> tensors, SamConfig config, double[][] embedding, double[][] positions)
    {
        var (prompts, decoder, side) = (new SlowPromptEncoder(config), new SlowMaskDecoder(config, 4), 4 * config.GridSize);
        var size = config.ImageSize;
        (double X, double Y, int Label)[] points = [(0.25 * size, 0.5 * size, 1), (0.75 * size, 0, 0)];
        double[] box = [0.125 * size, 0.25 * size, 0.5 * size, 0.875 * size];
        var mask = Array.ConvertAll(SlowWeights.Input("mask", side * side), value => (double)(float)(4 * value));
        tensors["prompt.points"] = Floats([points.Select(point => new[] { point.X, point.Y }).ToArray()], 1, 2, 2);
        tensors["prompt.box"] = Floats([[box]], 1, 4);
        tensors["prompt.mask"] = Floats([[mask]], 1, 1, side, side);
        foreach (var set in new[] { "points", "box", "points_box_mask" })
        {
            double[][] sparse =
            [
                .. set.Contains("points") ? prompts.Points(points, boxFollows: set.Contains("box")) : [],
                .. set.Contains("box") ? prompts.Box(box[0], box[1], box[2], box[3]) : [],
            ];
            var dense = set.Contains("mask") ? prompts.Mask(mask) : embedding.Each(_ => prompts.NoMask());
            var (masks, iou) = decoder.Prompted(embedding, positions, sparse, dense);
            tensors[$"prompt.{set}.masks.single"] = Floats([masks[..1]], 1, 1, side, side);
            tensors[$"prompt.{set}.masks.multi"] = Floats([masks[1..]], 1, 3, side, side);
            tensors[$"prompt.{set}.iou.single"] = Floats([[iou[..1]]], 1, 1);
            tensors[$"prompt.{set}.iou.multi"] = Floats([[iou[1..]]], 1, 3);
        }
    }

    private static byte[] Bytes(string name, int count, int values) =>
        [.. Enumerable.Range(0, count).Select(j => (byte)(GoldenWeights.Uniform(name, j) * values))];

    private static Tensor Floats(IEnumerable<double[][]> values, params long[] shape) =>
        tensor(values.SelectMany(rows => rows.SelectMany(row => row)).Select(value => (float)value).ToArray(), shape);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
