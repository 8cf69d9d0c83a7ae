namespace SamSegmentation.ML.Training.Losses;

/// <summary>A loss whose pixels count by the weight of their true class.</summary>
public abstract record ClassWeightedTerm : LossTerm
{
    private const string WeightsKey = "class_weights";
    private const string MedianFrequency = "median_frequency";

    private protected ClassWeightedTerm()
    {
    }

    /// <summary>Each class's weight by its id.</summary>
    /// <value>The default is null: what <see cref="Balance"/> says. Numbers of at least 0, not all 0, as many as classes.</value>
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <summary>Where the weights come from when none are given.</summary>
    /// <value>The default is <see cref="ClassBalance.None"/>. Excludes <see cref="ClassWeights"/>.</value>
    public ClassBalance Balance { get; init; }

    internal override bool NeedsFrequencies => Balance == ClassBalance.MedianFrequency;

    internal override IReadOnlyList<string> SettingNames => [WeightsKey];

    /// <summary>Whether the other term has the same settings; weights are compared one by one.</summary>
    public virtual bool Equals(ClassWeightedTerm? other) =>
        base.Equals(other) && Balance == other.Balance
        && (ClassWeights is null ? other.ClassWeights is null : other.ClassWeights is not null && ClassWeights.SequenceEqual(other.ClassWeights));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Balance, ClassWeights?.Count);

    internal override IEnumerable<OptionFault> FindFaults(int classes)
    {
        if (ClassWeights is { } weights && weights.Count != classes)
            yield return new OptionFault(nameof(ClassWeights), $"are {weights.Count}; the network has {classes} classes.");
    }

    internal override LossTerm? With(string key, string value)
    {
        if (key != WeightsKey)
            return null;
        return value == MedianFrequency
            ? this with { Balance = ClassBalance.MedianFrequency }
            : this with { ClassWeights = [.. value.Split(':').Select(one => Number(key, one))] };
    }

    private protected override IEnumerable<(string Key, string Value)> Settings()
    {
        if (ClassWeights is not null)
            yield return (WeightsKey, string.Join(':', ClassWeights.Select(Text)));
        else if (Balance != ClassBalance.None)
            yield return (WeightsKey, MedianFrequency);
    }

    private protected override void AddFaults(List<OptionFault> faults)
    {
        faults.MustBeDefined(nameof(Balance), Balance);
        if (ClassWeights is not { } weights)
            return;
        if (!weights.All(weight => weight >= 0 && double.IsFinite(weight)) || weights.Sum() == 0)
            faults.Add(nameof(ClassWeights), $"are {string.Join(", ", weights.Select(Text))}; they must be numbers of at least 0, not all 0.");
        if (Balance != ClassBalance.None)
            faults.Add(nameof(ClassWeights), $"exclude {nameof(Balance)}; give one of them.");
    }

    /// <summary>The weights in a run; null when all are 1.</summary>
    private protected double[]? WeightsIn(LossSetting setting) =>
        ClassWeights?.ToArray() ?? (NeedsFrequencies ? setting.Frequencies!.MedianFrequencyWeights() : null);
}
