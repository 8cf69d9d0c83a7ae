using System.Globalization;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>One loss of a weighted sum. Void pixels and padding never count.</summary>
public abstract record LossTerm
{
    // The terms are a closed set: the formula knows every one.
    private protected LossTerm()
    {
    }

    /// <summary>The factor in the sum.</summary>
    /// <value>The default is 1; greater than 0.</value>
    public double Weight { get; init; } = 1;

    /// <summary>Its name in a formula.</summary>
    internal abstract string Name { get; }

    /// <summary>Whether it needs to know how frequent the classes are in the training set.</summary>
    internal virtual bool NeedsFrequencies => false;

    /// <summary>Lists every setting that cannot be used.</summary>
    /// <returns>Empty when the term is sound; each fault names the property.</returns>
    public IReadOnlyList<OptionFault> FindFaults()
    {
        var faults = new List<OptionFault>();
        faults.MustBePositive(nameof(Weight), Weight);
        AddFaults(faults);
        return faults;
    }

    /// <summary>The term as a part of a formula, see <see cref="LossOptions.Parse"/>.</summary>
    /// <returns>For example <c>0.5*focal(gamma=3)</c>.</returns>
    public sealed override string ToString()
    {
        var settings = string.Join(',', Settings().Select(one => $"{one.Key}={one.Value}"));
        return (Weight == 1 ? "" : Text(Weight) + "*") + Name + (settings.Length == 0 ? "" : $"({settings})");
    }

    /// <summary>Lists what only a network's number of classes shows to be wrong.</summary>
    internal virtual IEnumerable<OptionFault> FindFaults(int classes) => [];

    /// <summary>Gives the arithmetic of a batch.</summary>
    internal abstract Func<LossBatch, TermLoss> Prepare(LossSetting setting);

    /// <summary>The settings that are not the defaults, as a formula writes them.</summary>
    private protected virtual IEnumerable<(string Key, string Value)> Settings() => [];

    /// <summary>The term with a setting of a formula; null when it has no such setting.</summary>
    /// <exception cref="FormatException">The value cannot be read.</exception>
    internal virtual LossTerm? With(string key, string value) => null;

    /// <summary>The names of the settings of a formula.</summary>
    internal virtual IReadOnlyList<string> SettingNames => [];

    private protected virtual void AddFaults(List<OptionFault> faults)
    {
    }

    private protected static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private protected static double Number(string key, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{key} is '{text}'; expected a number");
}
