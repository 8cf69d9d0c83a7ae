using SamSegmentation.Cli.Configuration;

namespace SamSegmentation.Cli.Migration;

/// <summary>
/// Which parameters the reference's optimiser gets: those whose names hold one of the <c>group_keys</c>, each group with its
/// own rate and decay; without groups, all that is not fixed.
/// </summary>
internal sealed class ReferenceParts(ReferenceFile file)
{
    private const string Optimizer = "training.optimizer.";
    private const string Hypernetworks = "mask_decoder.output_hypernetworks_mlps";

    // The reference's wrapping of SAM's modules.
    private static readonly (string Reference, string Ours)[] s_names =
    [
        ("mask_adapter.decoder_head.output_hypernetworks_mlps", Hypernetworks),
        ("mask_adapter.decoder_head.output_upscaling", "mask_decoder.output_upscaling"),
        ("mask_adapter.decoder_neck.transformer", "mask_decoder.transformer"),
        ("mask_adapter.decoder_neck.mask_tokens", "mask_decoder.mask_tokens"),
        ("mask_adapter.decoder_neck.iou_token", "mask_decoder.iou_token"),
        ("mask_adapter", "mask_decoder"),
        ("img_adapter", "image_encoder"),
    ];

    /// <summary>Translates them.</summary>
    public void Translate()
    {
        file.Move("train.opt_params.lr_default", $"{Optimizer}learning_rate");
        file.Move("train.opt_params.wd_default", $"{Optimizer}weight_decay");
        var groups = Groups();
        var trained = Trained(groups);
        foreach (var fix in new[] { "fix_img_en", "fix_prompt_en", "fix_mask_de" }.Select(name => file.Find($"train.model.params.{name}")).OfType<ReferenceLeaf>())
            file.Set(fix, "training.trained", trained, "with the other two and the optimiser's groups; the prompt encoder is always frozen");
        if (groups.Count == 0)
            return;
        var keys = file.Find("train.opt_params.group_keys")!;
        file.Set(keys, "training.trained", trained);
        var (rates, decays) = (Values("train.opt_params.lr_list"), Values("train.opt_params.wd_list"));
        if (trained == "hypernetworks" && groups.Count == 1)
        {
            SetAll("train.opt_params.lr_list", rates, $"{Optimizer}learning_rate");
            SetAll("train.opt_params.wd_list", decays, $"{Optimizer}weight_decay");
            return;
        }
        var parts = groups.SelectMany((names, i) => names.Select(name => KeyValuePair.Create(
            new ConfigNode.Scalar(name, false, keys.Node.Place),
            (ConfigNode)new ConfigNode.Mapping([.. Entry("learning_rate", rates, i), .. Entry("weight_decay", decays, i)], keys.Node.Place))));
        file.Set(keys, $"{Optimizer}parts", new ConfigNode.Mapping([.. parts], keys.Node.Place), $"and the rest of training.trained: {trained} has lr_default and wd_default, where the reference leaves it as it is");
        file.LeaveOut($"they are in {Optimizer}parts", "train.opt_params.lr_list", "train.opt_params.wd_list");
    }

    private static IEnumerable<KeyValuePair<ConfigNode.Scalar, ConfigNode>> Entry(string name, ConfigNode.Sequence? values, int group) =>
        values is not null && group < values.Items.Count
            ? [KeyValuePair.Create(new ConfigNode.Scalar(name, false, values.Items[group].Place), values.Items[group])]
            : [];

    private void SetAll(string key, ConfigNode.Sequence? values, string setting)
    {
        if (values is { Items: [var only, ..] })
            file.Set(file.Find(key)!, setting, only, "of the one group");
    }

    private ConfigNode.Sequence? Values(string key) => file.Find(key)?.Node as ConfigNode.Sequence;

    private string Trained(IReadOnlyList<IReadOnlyList<string>> groups)
    {
        var names = groups.SelectMany(names => names).ToArray();
        bool encoder = file.Find("train.model.params.fix_img_en")?.Text.ToLowerInvariant() == "false";
        if (encoder && (names.Length == 0 || names.Any(name => name.StartsWith("image_encoder", StringComparison.Ordinal))))
            return "everything";
        return names.Length > 0 && names.All(name => name.StartsWith(Hypernetworks, StringComparison.Ordinal)) ? "hypernetworks" : "decoder";
    }

    // Our names of each group's parts.
    private List<IReadOnlyList<string>> Groups()
    {
        if (file.Find("train.opt_params.group_keys") is not { } leaf)
            return [];
        if (leaf.Node is not ConfigNode.Sequence groups)
        {
            file.Refuse(leaf, "a list of lists of names");
            return [];
        }
        var found = new List<IReadOnlyList<string>>();
        foreach (var group in groups.Items)
        {
            var names = group is ConfigNode.Sequence list ? list.Items : [group];
            found.Add([.. names.OfType<ConfigNode.Scalar>().Select(name => NameOf(name.Text)).OfType<string>()]);
            foreach (var unknown in names.OfType<ConfigNode.Scalar>().Where(name => NameOf(name.Text) is null))
                file.Refuse(new ReferenceLeaf(leaf.Key, unknown), $"a name that begins with {string.Join(" or ", s_names.Select(pair => pair.Reference))}");
        }
        return found;
    }

    private static string? NameOf(string reference) =>
        s_names.Where(pair => reference == pair.Reference || reference.StartsWith(pair.Reference + '.', StringComparison.Ordinal))
            .Select(pair => pair.Ours + reference[pair.Reference.Length..])
            .FirstOrDefault();
}
