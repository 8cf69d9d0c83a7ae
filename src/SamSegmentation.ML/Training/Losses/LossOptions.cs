using System.ComponentModel;
using System.Text.Json.Serialization;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>What training minimises: a weighted sum of losses. In JSON and in configuration it is a formula.</summary>
[TypeConverter(typeof(LossOptionsConverter))]
[JsonConverter(typeof(LossOptionsJsonConverter))]
public sealed record LossOptions
{
    /// <summary>Half the cross-entropy, as in SAM_for_Semantic_Segmentation.</summary>
    public static LossOptions Default { get; } = new();

    /// <summary>The sum's terms.</summary>
    /// <value>The default is half the cross-entropy; at least one.</value>
    public IReadOnlyList<LossTerm> Terms { get; init; } = [new CrossEntropyTerm { Weight = 0.5 }];

    internal bool NeedsFrequencies => Terms.Any(term => term.NeedsFrequencies);

    /// <summary>Reads a formula.</summary>
    /// <param name="formula">
    /// Terms joined by <c>+</c>, each a name of <c>cross_entropy</c>, <c>dice</c>, <c>focal</c>, <c>lovasz</c>, <c>ohem</c>
    /// (with <c>_</c> or <c>-</c>), if wanted with a factor before and settings behind it, such as
    /// <c>0.5*cross_entropy(label_smoothing=0.1,class_weights=median_frequency)+2*dice</c>. Settings:
    /// cross_entropy <c>label_smoothing</c>, <c>class_weights</c> (<c>median_frequency</c>, or one number a class as in
    /// <c>0.1:1:1</c>); focal <c>gamma</c>, <c>class_weights</c>; dice <c>smooth</c>; ohem <c>threshold</c>, <c>min_kept</c>.
    /// </param>
    /// <returns>The options; <see cref="FindFaults()"/> checks their ranges.</returns>
    /// <exception cref="FormatException">It is not a formula; the message says what was expected.</exception>
    public static LossOptions Parse(string formula)
    {
        ArgumentNullException.ThrowIfNull(formula);
        return new LossOptions { Terms = LossFormula.Read(formula) };
    }

    /// <summary>Lists every setting that cannot be used.</summary>
    /// <returns>Empty when the options are sound; each fault names the term and the property.</returns>
    public IReadOnlyList<OptionFault> FindFaults() =>
        Terms.Count == 0
            ? [new OptionFault(nameof(Terms), "is empty; there must be at least one.")]
            : [.. At(term => term.FindFaults())];

    /// <summary>The formula, which <see cref="Parse"/> reads back as the same.</summary>
    public override string ToString() => string.Join('+', Terms);

    /// <summary>Whether the other sum has the same terms in the same order.</summary>
    public bool Equals(LossOptions? other) => other is not null && Terms.SequenceEqual(other.Terms);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>Lists what only a network's number of classes shows to be wrong.</summary>
    internal IReadOnlyList<OptionFault> FindFaults(int classes) => [.. At(term => term.FindFaults(classes))];

    private IEnumerable<OptionFault> At(Func<LossTerm, IEnumerable<OptionFault>> faults) =>
        Terms.SelectMany((term, i) => faults(term).Select(fault => fault.Within($"{nameof(Terms)}[{i}]")));
}
