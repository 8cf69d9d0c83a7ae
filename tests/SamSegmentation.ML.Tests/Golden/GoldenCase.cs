using System.Globalization;
using System.Text.Json;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Golden;

/// <summary>A golden case: what the reference computes on hash-made weights, with the dimensions that its metadata gives.</summary>
internal sealed class GoldenCase : IDisposable
{
    private static readonly string[] s_inputs = ["image", "label", "prompt.points", "prompt.box", "prompt.mask"];

    private readonly Checkpoint _file;

    /// <summary>Opens a case's file.</summary>
    public GoldenCase(string path)
    {
        _file = Checkpoint.Open(path);
        Config = new SamConfig
        {
            ImageSize = Integer("img"),
            PatchSize = Integer("patch"),
            EncoderDim = Integer("dim"),
            EncoderDepth = Integer("depth"),
            EncoderHeads = Integer("heads"),
            WindowSize = Integer("window"),
            GlobalAttentionBlocks = JsonSerializer.Deserialize<int[]>(Text("glob"))!,
            EmbeddingChannels = Integer("chans"),
            DecoderHeads = Integer("dec_heads"),
            DecoderMlpDim = Integer("mlp"),
            IouHiddenDim = 256,
            MaskInChannels = 16,
        };
        Classes = Integer("classes");
        Batch = Integer("batch");
    }

    /// <summary>The network's dimensions.</summary>
    public SamConfig Config { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Number of images.</summary>
    public int Batch { get; }

    /// <summary>Whether the file holds samples of its tensors: a network of full size, whose input is made by the hash.</summary>
    public bool IsSampled => !_file.Entries.ContainsKey("image");

    /// <summary>The greatest relative error that golden/README.md allows: losses along training have a tolerance of their own.</summary>
    public double ToleranceOf(string quantity) =>
        IsSampled || (quantity.StartsWith("train.", StringComparison.Ordinal) && quantity.EndsWith(".loss", StringComparison.Ordinal)) ? 1e-4 : 1e-5;

    /// <summary>Everything that the file states of the network: its tensors but the inputs, and the cross-entropy if there is a label.</summary>
    public IReadOnlyList<string> Quantities =>
        [.. _file.Entries.Keys.Except(s_inputs), .. Has("label") ? ["cross_entropy"] : Array.Empty<string>()];

    /// <summary>Whether the file holds a tensor.</summary>
    public bool Has(string tensor) => _file.Entries.ContainsKey(tensor);

    /// <summary>Reads a tensor of the file.</summary>
    public Tensor Read(string name) => _file.Read(name);

    /// <summary>The reference's value of a quantity.</summary>
    public Tensor Expected(string quantity) =>
        quantity == "cross_entropy" ? tensor(double.Parse(Text(quantity), CultureInfo.InvariantCulture)) : Read(quantity);

    /// <summary>The images, uint8 [B, 3, S, S].</summary>
    public Tensor Images() => IsSampled ? GoldenImage.Make(Batch, Config.ImageSize) : Read("image");

    /// <summary>The part of a computed tensor that the file holds.</summary>
    public Tensor Sample(string quantity, Tensor whole)
    {
        if (!IsSampled)
            return whole.alias();
        var (channels, pixels) = quantity switch
        {
            "embedding.seed" or "embedding.meta" or "dense_pe" => (16, 8),
            "logits" => (1, 16),
            _ => (1, 1),
        };
        return (channels, pixels) == (1, 1) ? whole.alias() : Every(Every(Every(whole, 1, channels), 2, pixels), 3, pixels);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static Tensor Every(Tensor tensor, int dimension, int step) => tensor.slice(dimension, 0, tensor.shape[dimension], step);

    private string Text(string key) =>
        _file.Metadata.TryGetValue(key, out var text) ? text : throw new InvalidDataException($"{_file.Path}: the metadata has no '{key}'.");

    private int Integer(string key) => int.Parse(Text(key), CultureInfo.InvariantCulture);
}
