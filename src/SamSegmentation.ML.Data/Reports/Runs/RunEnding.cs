namespace SamSegmentation.ML.Reports.Runs;

/// <summary>How a run ended, as far as its log tells.</summary>
internal enum RunEnding
{
    /// <summary>The log has no end: the run goes on, or was killed.</summary>
    Open,

    /// <summary>It came to its end.</summary>
    Finished,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>An error ended it.</summary>
    Failed,
}
