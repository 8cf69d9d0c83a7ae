namespace SamSegmentation.Cli.Configuration;

/// <summary>A value as it was written, in a file or on the command line, with the place where it stands.</summary>
/// <param name="Place"><c>file:line:column</c>, or the option's name.</param>
internal abstract record ConfigNode(string Place)
{
    /// <summary>A single value.</summary>
    /// <param name="Text">The value without its quotes.</param>
    /// <param name="IsQuoted">Whether it was quoted, so that it is text even when it looks like a number.</param>
    /// <param name="Place">Where it stands.</param>
    internal sealed record Scalar(string Text, bool IsQuoted, string Place) : ConfigNode(Place)
    {
        /// <summary>Whether it stands for "nothing": empty, <c>~</c> or <c>null</c>, not in quotes.</summary>
        public bool IsNull => !IsQuoted && Text is "" or "~" or "null";

        /// <inheritdoc/>
        public override string Found => IsNull ? "nothing" : IsQuoted ? $"the text '{Text}'" : $"'{Text}'";
    }

    /// <summary>A list.</summary>
    /// <param name="Items">Its values, in order.</param>
    /// <param name="Place">Where it begins.</param>
    internal sealed record Sequence(IReadOnlyList<ConfigNode> Items, string Place) : ConfigNode(Place)
    {
        /// <inheritdoc/>
        public override string Found => "a list";
    }

    /// <summary>A section: keys with their values, in order; a key may be there twice.</summary>
    /// <param name="Entries">The keys and values.</param>
    /// <param name="Place">Where it begins.</param>
    internal sealed record Mapping(IReadOnlyList<KeyValuePair<Scalar, ConfigNode>> Entries, string Place) : ConfigNode(Place)
    {
        /// <inheritdoc/>
        public override string Found => "a section with keys";
    }

    /// <summary>What an error message calls this value.</summary>
    public abstract string Found { get; }
}
