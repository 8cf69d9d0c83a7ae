using System.Globalization;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Modeling.Adapters;

/// <summary>
/// All adapters of an image encoder, named by their blocks: <c>0.lora_qkv.a.weight</c>, <c>0.adaptformer.down.bias</c>, …
/// They are not part of the encoder's own state, which so keeps Meta's names and its hash.
/// </summary>
internal sealed class EncoderAdapters : nn.Module
{
    private readonly SortedList<int, BlockAdapters> _byBlock = [];

    /// <summary>Makes adapters that change nothing yet; <c>torch.manual_seed</c> decides their weights.</summary>
    /// <param name="config">The network's dimensions.</param>
    /// <param name="options">Which adapters.</param>
    /// <exception cref="ArgumentException">The encoder cannot have these adapters; the message lists every fault.</exception>
    public EncoderAdapters(SamConfig config, AdapterOptions options)
        : base(nameof(EncoderAdapters))
    {
        options.Validate(config);
        var resolved = options.Resolve();
        for (var block = resolved.FirstBlock; block < config.EncoderDepth; block++)
        {
            var adapters = new BlockAdapters(config.EncoderDim, resolved);
            _byBlock.Add(block, adapters);
            register_module(block.ToString(CultureInfo.InvariantCulture), adapters);
        }
        RegisterComponents();
    }

    /// <summary>Whether a network's tensor belongs to LoRA, by its name such as <c>adapters.0.lora_qkv.a.weight</c>.</summary>
    public static bool IsLora(string name) =>
        name.Split('.') is ["adapters", _, "lora_qkv" or "lora_proj", ..];

    /// <summary>Lets an encoder compute with them.</summary>
    public void Attach(ImageEncoder encoder)
    {
        foreach (var (block, adapters) in _byBlock)
            encoder.Adapt(block, adapters);
    }

    /// <summary>Adds LoRA's updates to an encoder's weights and frees them; the rest stays.</summary>
    public void MergeLora(ImageEncoder encoder)
    {
        var weights = encoder.state_dict();
        foreach (var (name, delta) in Deltas())
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            using (delta)
                weights[name].add_(delta);
        }
        foreach (var (block, adapters) in _byBlock)
        {
            adapters.RemoveLora();
            encoder.Adapt(block, adapters);
        }
    }

    /// <summary>The changes that LoRA makes to an encoder's weights, by the weights' names; the caller disposes each.</summary>
    public IEnumerable<(string Name, Tensor Delta)> Deltas()
    {
        foreach (var (block, adapters) in _byBlock)
        {
            if (adapters.Qkv is { } qkv)
                yield return ($"blocks.{block}.attn.qkv.weight", qkv.delta());
            if (adapters.Proj is { } proj)
                yield return ($"blocks.{block}.attn.proj.weight", proj.delta());
        }
    }
}
