using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling.Adapters;

/// <summary>The adapters of one encoder block.</summary>
internal sealed class BlockAdapters : nn.Module
{
    private LowRankUpdate? lora_qkv;
    private LowRankUpdate? lora_proj;
    private readonly BottleneckAdapter? adaptformer;

    /// <summary>Makes the adapters that are asked for.</summary>
    /// <param name="width">Width of the block's tokens.</param>
    /// <param name="options">Resolved options.</param>
    public BlockAdapters(int width, AdapterOptions options)
        : base(nameof(BlockAdapters))
    {
        if (options is { LoraRank: { } rank, LoraAlpha: { } alpha })
        {
            lora_qkv = new LowRankUpdate(width, 3 * width, rank, alpha);
            lora_proj = new LowRankUpdate(width, width, rank, alpha);
        }
        if (options is { BottleneckWidth: { } bottleneck, BottleneckScale: { } scale })
            adaptformer = new BottleneckAdapter(width, bottleneck, scale);
        RegisterComponents();
    }

    /// <summary>The update of the projection to queries, keys and values.</summary>
    public LowRankUpdate? Qkv => lora_qkv;

    /// <summary>The update of the projection from the heads.</summary>
    public LowRankUpdate? Proj => lora_proj;

    /// <summary>What stands beside the MLP.</summary>
    public BottleneckAdapter? Bottleneck => adaptformer;

    /// <summary>Frees LoRA's updates, whose names are then gone too.</summary>
    public void RemoveLora()
    {
        register_module(nameof(lora_qkv), null!);
        register_module(nameof(lora_proj), null!);
        lora_qkv?.Dispose();
        lora_proj?.Dispose();
        (lora_qkv, lora_proj) = (null, null);
    }
}
