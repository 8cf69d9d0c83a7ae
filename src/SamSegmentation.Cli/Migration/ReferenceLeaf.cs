using SamSegmentation.Cli.Configuration;

namespace SamSegmentation.Cli.Migration;

/// <summary>A value of the reference's file.</summary>
/// <param name="Key">Its path, such as <c>train.opt_params.lr_default</c>.</param>
/// <param name="Node">The value: single, or a list.</param>
internal sealed record ReferenceLeaf(string Key, ConfigNode Node)
{
    /// <summary>The value as it was written; a list's values between brackets.</summary>
    public string Text => TextOf(Node);

    /// <summary>Whether it stands for "nothing".</summary>
    public bool IsNull => Node is ConfigNode.Scalar { IsNull: true };

    /// <summary>All values of a file, in order.</summary>
    /// <param name="file">The top level.</param>
    public static IEnumerable<ReferenceLeaf> Of(ConfigNode.Mapping file) => Of(file, "");

    private static IEnumerable<ReferenceLeaf> Of(ConfigNode.Mapping section, string path)
    {
        foreach (var (name, value) in section.Entries)
        {
            var key = path.Length == 0 ? name.Text : $"{path}.{name.Text}";
            if (value is ConfigNode.Mapping inner)
            {
                foreach (var leaf in Of(inner, key))
                    yield return leaf;
            }
            else
            {
                yield return new ReferenceLeaf(key, value);
            }
        }
    }

    private static string TextOf(ConfigNode node) => node switch
    {
        ConfigNode.Scalar scalar => scalar.Text,
        ConfigNode.Sequence list => $"[{string.Join(", ", list.Items.Select(TextOf))}]",
        _ => node.Found,
    };
}
