namespace SamSegmentation.Bench.Measuring;

/// <summary>How much is spent on a figure.</summary>
internal enum Effort
{
    /// <summary>Tiny networks and single rounds, whose figures mean nothing: shows that a measure still runs.</summary>
    Smallest,

    /// <summary>ViT-B's dimensions, few rounds; expensive jobs are shortened, and the figure's name says how.</summary>
    Quick,

    /// <summary>Everything as the figure's name says.</summary>
    Full,
}
