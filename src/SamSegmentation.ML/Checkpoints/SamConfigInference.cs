using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Heads;

namespace SamSegmentation.ML.Checkpoints;

/// <summary>Reads a network's dimensions off the shapes of its weights.</summary>
internal sealed class SamConfigInference(Checkpoint checkpoint, SamNames names)
{
    // Far above any network, and far below where products of two sizes overflow.
    private const int MaxSize = 1 << 20;

    private const string PatchWeight = "image_encoder.patch_embed.proj.weight";
    private const string Positions = "image_encoder.pos_embed";
    private const string DecoderLayers = "mask_decoder.transformer.layers.";

    /// <summary>Infers the configuration; what no shape tells is the default: the decoder's number of heads.</summary>
    /// <exception cref="CheckpointFormatException">A weight that is needed is missing, or the shapes fit no network.</exception>
    public SamConfig Infer() => Infer(null);

    // A network with another head has no mask decoder whose dimensions could be read: those that are stated are taken then.
    private SamConfig Infer(SamConfig? stated)
    {
        var patches = Shape(PatchWeight, 4);
        var (dim, patch, grid) = (patches[0], patches[2], Shape(Positions, 4)[1]);
        if ((long)grid * patch > MaxSize)
            throw Error($"tensor '{Positions}'", $"{grid} patches of {patch} pixels make too large an image.");
        var depth = Count("image_encoder.blocks.");
        var (window, globals) = Attention(depth, grid);
        var config = new SamConfig
        {
            ImageSize = grid * patch,
            PatchSize = patch,
            EncoderDim = dim,
            EncoderDepth = depth,
            EncoderHeads = Heads(dim),
            WindowSize = window,
            GlobalAttentionBlocks = globals,
            MlpRatio = Ratio(dim, Shape("image_encoder.blocks.0.mlp.lin1.weight", 2)[0]),
            EmbeddingChannels = Shape("image_encoder.neck.0.weight", 4)[0],
            DecoderDepth = stated?.DecoderDepth ?? Count(DecoderLayers),
            DecoderMlpDim = stated?.DecoderMlpDim ?? Shape($"{DecoderLayers}0.mlp.lin1.weight", 2)[0],
            IouHiddenDim = stated?.IouHiddenDim ?? Shape("mask_decoder.iou_prediction_head.layers.0.weight", 2)[0],
            MaskInChannels = stated?.MaskInChannels ?? Shape("prompt_encoder.mask_downscaling.3.weight", 4)[0],
        };
        var faults = config.FindFaults();
        if (faults.Count > 0)
            throw Error("shapes", $"they fit no network: {string.Join(" ", faults)}");
        // One size alone, in a crafted file, would ask for a network that is far larger than the file.
        MustBe(PatchWeight, dim, 3, patch, patch);
        MustBe(Positions, 1, grid, grid, dim);
        MustBe("image_encoder.blocks.0.attn.qkv.weight", 3 * dim, dim);
        MustBe("image_encoder.blocks.0.mlp.lin1.weight", config.EncoderMlpDim, dim);
        MustBe("image_encoder.neck.2.weight", config.EmbeddingChannels, config.EmbeddingChannels, 3, 3);
        if (stated is null)
            ConfirmDecoder(config);
        MustBeInTheFile(config);
        return config;
    }

    /// <summary>Checks the mask decoder's dimensions against the shapes.</summary>
    /// <exception cref="CheckpointFormatException">The shapes contradict them.</exception>
    public void ConfirmDecoder(SamConfig config)
    {
        if (Count(DecoderLayers) is var depth && depth != config.DecoderDepth)
            throw Error("names", $"there are {depth} of {DecoderLayers}*, expected {config.DecoderDepth}.");
        MustBe($"{DecoderLayers}0.mlp.lin1.weight", config.DecoderMlpDim, config.EmbeddingChannels);
        MustBe("mask_decoder.iou_prediction_head.layers.1.weight", config.IouHiddenDim, config.IouHiddenDim);
        MustBe("prompt_encoder.mask_downscaling.3.weight", config.MaskInChannels, config.MaskInChannels / 4, 2, 2);
    }

    /// <summary>
    /// Compares the network's size with the file's. Depth and number of hypernetworks are counted by names, which cost a
    /// crafted file next to nothing. Where names are missing, loading lists them all; so half of the weights will do.
    /// </summary>
    private void MustBeInTheFile(SamConfig config)
    {
        var (encoder, decoder) = ((Int128)config.EncoderDim, (Int128)config.EmbeddingChannels);
        var least = config.EncoderDepth * encoder * (4 * encoder + 2 * config.EncoderMlpDim)
            + (names.HasMaskDecoder ? 2 * config.DecoderDepth * decoder * config.DecoderMlpDim : 0)
            + 2 * names.HypernetworkCount * decoder * decoder;
        var there = names.Stored.Values.Aggregate((Int128)0, (sum, name) => sum + checkpoint.Entries[name].Count);
        if (least > 2 * there)
            throw Error("names", $"they are those of a network of more than {least} weights, but the file holds {there}.");
    }

    /// <summary>Checks the configuration that a whole network's file states against the shapes, and gives it back.</summary>
    /// <exception cref="CheckpointFormatException">The shapes contradict it, or the mask decoder that should be there is missing.</exception>
    public SamConfig Confirm(SavedModelInfo info) => Confirm(info.Config, info.Head.Kind == HeadKind.MaskDecoder);

    /// <summary>Checks a configuration that another file states against the shapes, those of a mask decoder if there is one.</summary>
    /// <exception cref="CheckpointFormatException">The shapes contradict it.</exception>
    public SamConfig Confirm(SamConfig stated) => Confirm(stated, names.HasMaskDecoder);

    private SamConfig Confirm(SamConfig stated, bool hasDecoder)
    {
        var inferred = Infer(hasDecoder ? null : stated) with { DecoderHeads = stated.DecoderHeads };
        if (inferred.EncoderMlpDim == stated.EncoderMlpDim)
            inferred = inferred with { MlpRatio = stated.MlpRatio };
        // Where every block spans the grid, the shapes do not tell whether by a window of that size.
        var isGlobal = inferred.GlobalAttentionBlocks.Count == inferred.EncoderDepth
            && (stated.WindowSize == stated.GridSize || stated.GlobalAttentionBlocks.Count == stated.EncoderDepth);
        if (isGlobal || inferred.GlobalAttentionBlocks.Order().SequenceEqual(stated.GlobalAttentionBlocks.Order()))
            inferred = inferred with { GlobalAttentionBlocks = stated.GlobalAttentionBlocks };
        if (isGlobal)
            inferred = inferred with { WindowSize = stated.WindowSize };
        return inferred.Equals(stated) ? stated : throw Error("shapes", $"they contradict the stated configuration: {stated} is stated, {inferred} is there.");
    }

    /// <summary>
    /// Checks the head that the file states against the shapes of its weights, before a network is made by what it says.
    /// Names that are missing or too many are listed when the weights are loaded.
    /// </summary>
    /// <exception cref="CheckpointFormatException">The shapes contradict it.</exception>
    public void ConfirmHead(SavedModelInfo info)
    {
        var (head, channels) = (info.Head, info.Config.EmbeddingChannels);
        var width = head.WidthIn(info.Config);
        if (head.Kind != HeadKind.MaskDecoder)
            MustBe(SamNames.Classifier, names.Classes, head.Kind == HeadKind.Linear ? channels : width, 1, 1);
        if (head.Kind == HeadKind.Aspp)
            MustBe($"{HeadConfig.Head}projection.conv.weight", width, 5 * width, 1, 1);
        if (head.Kind == HeadKind.PyramidPooling)
            MustBe($"{HeadConfig.Head}bottleneck.conv.weight", width, 2 * channels, 3, 3);
        if (head.FeatureBlocks.Count > 0)
            MustBe($"{HeadConfig.Projection}directions", head.FeatureBlocks.Count, channels, info.Config.EncoderDim);
    }

    private int Heads(int dim)
    {
        const string Name = "image_encoder.blocks.0.attn.rel_pos_w";
        var width = Shape(Name, 2)[1];
        return dim % width == 0 ? dim / width : throw Error($"tensor '{Name}'", $"heads of width {width} do not divide the encoder's width {dim}.");
    }

    /// <summary>
    /// A table of relative positions has 2k − 1 rows where k tokens attend to each other: the whole grid, or a window.
    /// A window as large as the grid is the grid, so those blocks count as global.
    /// </summary>
    private (int Window, int[] Globals) Attention(int depth, int grid)
    {
        var globals = new List<int>();
        int? window = null;
        for (var block = 0; block < depth; block++)
        {
            var name = $"image_encoder.blocks.{block}.attn.rel_pos_h";
            var rows = Shape(name, 2)[0];
            if (rows == 2 * grid - 1)
                globals.Add(block);
            else if (rows % 2 == 1 && (window ?? (rows + 1) / 2) == (rows + 1) / 2)
                window = (rows + 1) / 2;
            else
                throw Error($"tensor '{name}'", $"{rows} rows fit neither the grid of {grid} nor {(window is null ? "any window" : $"the other blocks' window of {window}")}.");
        }
        return (window ?? grid, [.. globals]);
    }

    /// <summary>The ratio whose product with the width is the hidden width exactly, as <see cref="SamConfig.EncoderMlpDim"/> truncates.</summary>
    private static double Ratio(int dim, int hidden)
    {
        var ratio = (double)hidden / dim;
        return (int)(dim * ratio) == hidden ? ratio : Math.BitIncrement(ratio);
    }

    private int Count(string prefix)
    {
        var indices = names.Stored.Keys
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..].Split('.')[0])
            .ToHashSet();
        for (var index = 0; index < indices.Count; index++)
        {
            if (!indices.Contains($"{index}"))
                throw Error("names", $"there are {indices.Count} of {prefix}*, but none has the number {index}.");
        }
        return indices.Count;
    }

    private int[] Shape(string name, int dimensions)
    {
        if (!names.Stored.TryGetValue(name, out var stored))
            throw Error("names", $"the network's dimensions cannot be read, because {name} is missing.");
        var shape = checkpoint.Entries[stored].Shape;
        return shape.Count == dimensions && shape.All(size => size is > 0 and <= MaxSize)
            ? [.. shape.Select(size => (int)size)]
            : throw Error($"tensor '{stored}'", $"its shape is [{string.Join(", ", shape)}] where {dimensions} sizes of 1 to {MaxSize} are expected.");
    }

    private void MustBe(string name, params int[] expected)
    {
        var shape = Shape(name, expected.Length);
        if (!shape.SequenceEqual(expected))
            throw Error($"tensor '{names.Stored[name]}'", $"its shape is [{string.Join(", ", shape)}] where the other weights ask for [{string.Join(", ", expected)}].");
    }

    private CheckpointFormatException Error(string place, string reason) => new(checkpoint.Path, place, reason);
}
