using SamSegmentation.ML.Modeling.Adapters;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling;

/// <summary>
/// SAM's image encoder: a plain vision transformer with windowed attention and a few global blocks, then a
/// convolutional neck (Kirillov et al., "Segment Anything", 2023, appendix A, "Image encoder"; Li et al., "Exploring
/// plain vision transformer backbones for object detection", 2022).
/// </summary>
public sealed class ImageEncoder : nn.Module<Tensor, Tensor>
{
    private readonly PatchEmbed patch_embed;
    private readonly Parameter pos_embed;
    private readonly ModuleList<EncoderBlock> blocks;
    private readonly Sequential neck;
    private readonly int _imageSize;

    // Between an MLP's two layers lies an encoder's largest tensor.
    private readonly long _hiddenBytes;

    /// <summary>
    /// Makes the encoder: PyTorch's default initialisation, absolute positions from a normal distribution of standard
    /// deviation 0.02 (Dosovitskiy et al. 2021), relative positions zero.
    /// </summary>
    /// <param name="config">The network's dimensions.</param>
    /// <exception cref="ArgumentException">The dimensions are impossible; the message lists every fault.</exception>
    public ImageEncoder(SamConfig config)
        : base(nameof(ImageEncoder))
    {
        config.Validate();
        _imageSize = config.ImageSize;
        _hiddenBytes = (long)config.GridSize * config.GridSize * config.EncoderMlpDim * sizeof(float);
        var (grid, width, channels) = (config.GridSize, config.EncoderDim, config.EmbeddingChannels);

        patch_embed = new PatchEmbed(config.PatchSize, width);
        using (var noise = randn(1, grid, grid, width))
            pos_embed = nn.Parameter(noise * 0.02);
        blocks = new ModuleList<EncoderBlock>();
        for (var i = 0; i < config.EncoderDepth; i++)
            blocks.Add(new EncoderBlock(config, global: config.GlobalAttentionBlocks.Contains(i)));
        neck = nn.Sequential(
            ("0", nn.Conv2d(width, channels, 1, bias: false)),
            ("1", new LayerNorm2d(channels)),
            ("2", nn.Conv2d(channels, channels, 3, padding: 1, bias: false)),
            ("3", new LayerNorm2d(channels)));
        RegisterComponents();
    }

    /// <summary>
    /// The number format of the blocks' products: how the encoder computes, no part of what it is. Images, weights and
    /// embeddings keep their own.
    /// </summary>
    /// <value>The default is <see cref="EncoderPrecision.Float32"/>: whatever the weights are.</value>
    /// <exception cref="ArgumentOutOfRangeException">There is no such precision.</exception>
    public EncoderPrecision Precision
    {
        get;
        set
        {
            if (!Enum.IsDefined(value))
                throw new ArgumentOutOfRangeException(nameof(value), value, "There is no such precision.");
            field = value;
            foreach (var block in blocks)
                block.Use(value);
        }
    }

    /// <summary>Computes image embeddings.</summary>
    /// <param name="images">[B, 3, S, S], floating point, preprocessed; S is <see cref="SamConfig.ImageSize"/>.</param>
    /// <returns>[B, C, g, g]: C embedding channels on a grid of g = S/patch.</returns>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    /// <exception cref="InvalidOperationException">The device does not compute in <see cref="Precision"/>.</exception>
    public override Tensor forward(Tensor images) => forward(images, []).embeddings;

    /// <summary>Computes image embeddings, and gives what some blocks put out.</summary>
    /// <param name="images">[B, 3, S, S], as for <see cref="forward(Tensor)"/>.</param>
    /// <param name="wanted">The blocks, counted from 0, in ascending order.</param>
    /// <returns>The embeddings [B, C, g, g], and for each of those blocks [B, g, g, D].</returns>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    /// <exception cref="InvalidOperationException">The device does not compute in <see cref="Precision"/>.</exception>
    public (Tensor embeddings, IReadOnlyList<Tensor> features) forward(Tensor images, IReadOnlyList<int> wanted)
    {
        using var scope = NewDisposeScope();
        return ToOuter(Finish(Embed(images), 0, wanted));
    }

    /// <summary>Computes what enters a block: the first part of <see cref="forward(Tensor)"/>.</summary>
    /// <param name="images">[B, 3, S, S], as for <see cref="forward(Tensor)"/>.</param>
    /// <param name="block">The block, counted from 0.</param>
    /// <returns>[B, g, g, D]: a token of the encoder's width for each patch.</returns>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such block.</exception>
    /// <exception cref="InvalidOperationException">The device does not compute in <see cref="Precision"/>.</exception>
    public Tensor tokens_before(Tensor images, int block)
    {
        CheckBlock(block);
        using var scope = NewDisposeScope();
        return Through(Embed(images), 0, block).MoveToOuterDisposeScope();
    }

    /// <summary>Computes image embeddings from what enters a block: the rest of <see cref="forward(Tensor)"/>.</summary>
    /// <param name="tokens">[B, g, g, D], as <see cref="tokens_before"/> returns them; they are left as they are.</param>
    /// <param name="block">The block, counted from 0.</param>
    /// <returns>[B, C, g, g].</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such block.</exception>
    /// <exception cref="InvalidOperationException">The device does not compute in <see cref="Precision"/>.</exception>
    public Tensor continue_from(Tensor tokens, int block) => continue_from(tokens, block, []).embeddings;

    /// <summary>Computes image embeddings from what enters a block, and gives what some blocks put out.</summary>
    /// <param name="tokens">[B, g, g, D], as for <see cref="continue_from(Tensor, int)"/>.</param>
    /// <param name="block">The block, counted from 0.</param>
    /// <param name="wanted">The blocks, from that one on, in ascending order.</param>
    /// <returns>The embeddings [B, C, g, g], and for each of those blocks [B, g, g, D].</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such block.</exception>
    /// <exception cref="InvalidOperationException">The device does not compute in <see cref="Precision"/>.</exception>
    public (Tensor embeddings, IReadOnlyList<Tensor> features) continue_from(Tensor tokens, int block, IReadOnlyList<int> wanted)
    {
        CheckBlock(block);
        Prepare(tokens);
        using var scope = NewDisposeScope();
        // A reference of its own, so that the caller's is not disposed.
        return ToOuter(Finish(tokens.alias(), block, wanted));
    }

    /// <summary>Lets adapters take part in a block; null for none.</summary>
    internal void Adapt(int block, BlockAdapters? adapters) => blocks[block].Adapt(adapters);

    private Tensor Embed(Tensor images)
    {
        if (images.dim() != 4 || images.shape[1] != 3 || images.shape[2] != _imageSize || images.shape[3] != _imageSize)
        {
            throw new ArgumentException(
                $"The image encoder takes images of shape [B, 3, {_imageSize}, {_imageSize}], not [{string.Join(", ", images.shape)}].",
                nameof(images));
        }
        Prepare(images);
        return patch_embed.forward(images) + pos_embed;
    }

    // The device, whether what goes through the blocks is still pixels or tokens already.
    private void Prepare(Tensor input)
    {
        Precision.Check(input.device);
        if (input.device.type == DeviceType.CPU)
            NativeAllocator.PrepareFor(input.shape[0] * _hiddenBytes);
    }

    private static (Tensor, IReadOnlyList<Tensor>) ToOuter((Tensor Embeddings, List<Tensor> Features) found) =>
        (found.Embeddings.MoveToOuterDisposeScope(), [.. found.Features.Select(feature => feature.MoveToOuterDisposeScope())]);

    // The rest of the encoder, with a reference of its own to each block's output that is wanted.
    private (Tensor Embeddings, List<Tensor> Features) Finish(Tensor tokens, int from, IReadOnlyList<int> wanted)
    {
        var features = new List<Tensor>();
        foreach (var block in wanted)
        {
            tokens = Through(tokens, from, block + 1);
            features.Add(tokens.alias());
            from = block + 1;
        }
        return (neck.forward(Through(tokens, from, blocks.Count).permute(0, 3, 1, 2)), features);
    }

    // Takes the tokens over: each block's input is freed as soon as its output is there.
    private Tensor Through(Tensor tokens, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var next = blocks[i].forward(tokens);
            tokens.Dispose();
            tokens = next;
        }
        return tokens;
    }

    private void CheckBlock(int block)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(block);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(block, blocks.Count);
    }
}
