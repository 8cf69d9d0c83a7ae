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

    /// <summary>Computes image embeddings.</summary>
    /// <param name="images">[B, 3, S, S], floating point, preprocessed; S is <see cref="SamConfig.ImageSize"/>.</param>
    /// <returns>[B, C, g, g]: C embedding channels on a grid of g = S/patch.</returns>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    public override Tensor forward(Tensor images)
    {
        if (images.dim() != 4 || images.shape[1] != 3 || images.shape[2] != _imageSize || images.shape[3] != _imageSize)
        {
            throw new ArgumentException(
                $"The image encoder takes images of shape [B, 3, {_imageSize}, {_imageSize}], not [{string.Join(", ", images.shape)}].",
                nameof(images));
        }

        using var scope = NewDisposeScope();
        var tokens = patch_embed.forward(images) + pos_embed;
        foreach (var block in blocks)
        {
            var next = block.forward(tokens);
            tokens.Dispose();
            tokens = next;
        }
        return neck.forward(tokens.permute(0, 3, 1, 2)).MoveToOuterDisposeScope();
    }
}
