using System.Globalization;
using SamSegmentation.ML.Modeling.Heads;

namespace SamSegmentation.ML.Checkpoints;

/// <summary>Finds Meta's names in a checkpoint, whoever wrote it.</summary>
internal sealed class SamNames
{
    public const string Hypernetworks = "mask_decoder.output_hypernetworks_mlps.";

    /// <summary>The last layer of a head that is not the mask decoder: a row for each class.</summary>
    public const string Classifier = $"{HeadConfig.Head}classifier.weight";

    /// <summary>SAM has one hypernetwork for each of its mask tokens.</summary>
    public const int SamHypernetworks = 4;

    private static readonly string[] SamComponents = ["image_encoder.", HeadConfig.Prompts, HeadConfig.Decoder];

    private static readonly string[] HeadComponents =
        [HeadConfig.Prompts, HeadConfig.Decoder, HeadConfig.Head, HeadConfig.Fusion, HeadConfig.Projection];

    private static readonly string[] Components = ["image_encoder.", .. HeadComponents];

    // What this library's networks may have beside SAM's components.
    private static readonly string[] Additions = ["adapters."];

    // The reference's network holds SAM several times over. These are the copies that its forward pass computes with:
    // its neck has an upscaling too, but the head's own one is applied. Every other name is a copy.
    private const string ReferenceAnchor = "mask_adapter.decoder_head.";

    private static readonly (string Theirs, string Metas)[] ReferenceParts =
    [
        ("ori_sam.image_encoder.", "image_encoder."),
        ("ori_sam.prompt_encoder.", "prompt_encoder."),
        ("mask_adapter.decoder_neck.transformer.", "mask_decoder.transformer."),
        ("mask_adapter.decoder_neck.iou_token.", "mask_decoder.iou_token."),
        ("mask_adapter.decoder_neck.mask_tokens.", "mask_decoder.mask_tokens."),
        (ReferenceAnchor, "mask_decoder."),
    ];

    private static readonly string[] ReferenceCopies =
        ["ori_sam.mask_decoder.", "img_adapter.", "prompt_adapter.", "mask_adapter."];

    private readonly Dictionary<string, string> _stored = new(StringComparer.Ordinal);
    private readonly List<string> _unknown = [];
    private readonly List<string> _unused = [];

    private SamNames(SamCheckpointLayout layout) => Layout = layout;

    public SamCheckpointLayout Layout { get; private set; }

    /// <summary>The name in the file by Meta's name.</summary>
    public IReadOnlyDictionary<string, string> Stored => _stored;

    /// <summary>Names beside the network's that the layout does not know.</summary>
    public IReadOnlyList<string> Unknown => _unknown;

    /// <summary>Names that the layout knows and does not need: copies, an optimiser's state.</summary>
    public IReadOnlyList<string> Unused => _unused;

    /// <summary>Number of hypernetworks.</summary>
    public int HypernetworkCount { get; private set; }

    /// <summary>Whether there is anything of a mask decoder.</summary>
    public bool HasMaskDecoder => _stored.Keys.Any(name => name.StartsWith(HeadConfig.Decoder, StringComparison.Ordinal));

    /// <summary>Number of classes: of hypernetworks, or of the rows of another head's classifier.</summary>
    public int Classes { get; private set; }

    /// <summary>Reads a checkpoint's names as the semantic network's.</summary>
    /// <exception cref="CheckpointFormatException">There is no Segment Anything network in it, or several.</exception>
    public static SamNames Find(Checkpoint checkpoint)
    {
        var prefix = FindPrefix(checkpoint);
        if (prefix.EndsWith("ori_sam.", StringComparison.Ordinal))
        {
            var root = prefix[..^"ori_sam.".Length];
            if (checkpoint.Entries.Keys.Any(name => name.StartsWith(root + ReferenceAnchor, StringComparison.Ordinal)))
                return FindReference(checkpoint, root);
        }
        return FindMeta(checkpoint, prefix);
    }

    /// <summary>Reads a checkpoint's names as the promptable network's, which the reference's file holds whole.</summary>
    /// <exception cref="CheckpointFormatException">There is no Segment Anything network in it, or several.</exception>
    public static SamNames FindSam(Checkpoint checkpoint) => FindMeta(checkpoint, FindPrefix(checkpoint));

    /// <summary>Whether a tensor of a semantic network is one that SAM has.</summary>
    public static bool IsOfSam(string name) =>
        HypernetworkIndex(name) is null or < SamHypernetworks && SamComponents.Any(part => name.StartsWith(part, StringComparison.Ordinal));

    /// <summary>Whether a tensor of a semantic network belongs to a head of any kind.</summary>
    public static bool IsOfHead(string name) => HeadComponents.Any(part => name.StartsWith(part, StringComparison.Ordinal));

    /// <summary>Whether a tensor of a semantic network belongs to its encoder, adapters included.</summary>
    public static bool IsOfEncoder(string name) =>
        Additions.Append("image_encoder.").Any(part => name.StartsWith(part, StringComparison.Ordinal));

    /// <summary>The class or mask token of a hypernetwork's name; null for other names.</summary>
    public static int? HypernetworkIndex(string name)
    {
        if (!name.StartsWith(Hypernetworks, StringComparison.Ordinal))
            return null;
        var digits = name[Hypernetworks.Length..].Split('.')[0];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }

    /// <summary>What stands before <c>image_encoder.</c> and its like: "", <c>model.</c>, <c>module.</c>, …</summary>
    private static string FindPrefix(Checkpoint checkpoint)
    {
        var prefixes = checkpoint.Entries.Keys.Select(PrefixOf).OfType<string>().Distinct().ToArray();
        if (prefixes.Length == 1 || prefixes.Contains(""))
            return prefixes.Length == 1 ? prefixes[0] : "";
        var reason = prefixes.Length == 0
            ? $"no tensor belongs to {string.Join(", ", SamComponents.Select(part => part.TrimEnd('.')))}; the first of {checkpoint.Entries.Count} are {string.Join(", ", checkpoint.Entries.Keys.Take(5))}."
            : $"several networks are in the file, below {string.Join(", ", prefixes.Take(5).Select(prefix => $"'{prefix}'"))}{(prefixes.Length > 5 ? ", …" : "")}; it must hold one.";
        throw new CheckpointFormatException(checkpoint.Path, "names", reason);
    }

    private static string? PrefixOf(string name)
    {
        foreach (var component in Components)
        {
            var at = name.IndexOf(component, StringComparison.Ordinal);
            if (at == 0 || (at > 0 && name[at - 1] == '.'))
                return name[..at];
        }
        return null;
    }

    private static SamNames FindMeta(Checkpoint checkpoint, string prefix)
    {
        var names = new SamNames(SamCheckpointLayout.Sam);
        foreach (var stored in checkpoint.Entries.Keys)
        {
            if (!stored.StartsWith(prefix, StringComparison.Ordinal))
                names._unused.Add(stored);
            else if (Components.Concat(Additions).Any(component => stored.AsSpan(prefix.Length).StartsWith(component)))
                names.Store(checkpoint, stored[prefix.Length..], stored);
            else
                names._unknown.Add(stored);
        }
        names.CountClasses(checkpoint);
        // A model of our own with four classes says by its metadata that its hypernetworks are classes.
        if (names.HypernetworkCount != SamHypernetworks || SavedModelMetadata.IsIn(checkpoint))
            names.Layout = SamCheckpointLayout.Semantic;
        return names;
    }

    private static SamNames FindReference(Checkpoint checkpoint, string root)
    {
        var names = new SamNames(SamCheckpointLayout.Reference);
        foreach (var stored in checkpoint.Entries.Keys)
        {
            var name = stored.StartsWith(root, StringComparison.Ordinal) ? stored[root.Length..] : stored;
            var (theirs, metas) = ReferenceParts.FirstOrDefault(part => name.StartsWith(part.Theirs, StringComparison.Ordinal));
            if (theirs is not null)
                names.Store(checkpoint, metas + name[theirs.Length..], stored);
            else if (ReferenceCopies.Any(copy => name.StartsWith(copy, StringComparison.Ordinal)))
                names._unused.Add(stored);
            else
                names._unknown.Add(stored);
        }
        names.CountClasses(checkpoint);
        return names;
    }

    private void Store(Checkpoint checkpoint, string name, string stored)
    {
        if (!_stored.TryAdd(name, stored))
            throw new CheckpointFormatException(checkpoint.Path, $"tensor '{stored}'", $"it and '{_stored[name]}' both stand for {name}.");
    }

    private void CountClasses(Checkpoint checkpoint)
    {
        HypernetworkCount = _stored.Keys.Select(HypernetworkIndex).OfType<int>().Distinct().Count();
        Classes = HypernetworkCount;
        if (!_stored.TryGetValue(Classifier, out var stored))
            return;
        var shape = checkpoint.Entries[stored].Shape;
        Classes = shape.Count == 4 && shape[0] <= int.MaxValue
            ? (int)shape[0]
            : throw new CheckpointFormatException(checkpoint.Path, $"tensor '{stored}'", $"its shape is [{string.Join(", ", shape)}] where [classes, channels, 1, 1] is expected.");
    }
}
