namespace SamSegmentation.Cli.Display;

/// <summary>Where a command tells what it does. Its members may be called from any thread.</summary>
internal interface IDisplay
{
    /// <summary>Does long work and shows its progress meanwhile.</summary>
    /// <param name="work">The work, done on another thread; it reports through this object.</param>
    /// <returns>What the work returns; an exception of it comes as it is.</returns>
    Task<T> ShowAsync<T>(Func<T> work);

    /// <summary>Shows a line that stays.</summary>
    /// <param name="text">Plain text.</param>
    void Line(string text);

    /// <summary>Shows how far a stage of the work is.</summary>
    /// <param name="stage">The stage; another name begins another stage.</param>
    /// <param name="done">The units that are done.</param>
    /// <param name="total">All of its units; null when nobody knows.</param>
    /// <param name="detail">What else is worth knowing now, such as the loss.</param>
    void Progress(string stage, int done, int? total, string detail = "");
}
