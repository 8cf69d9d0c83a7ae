namespace SamSegmentation.ML.Pipeline;

/// <summary>A value of a data view that cannot be used: which column, which row, and why.</summary>
public sealed class SegmentationDataException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="column">The column.</param>
    /// <param name="row">The row, counted from 0 in the order in which it was read.</param>
    /// <param name="reason">What was expected and what was found.</param>
    /// <param name="innerException">The failure beneath, if there is one.</param>
    public SegmentationDataException(string column, long row, string reason, Exception? innerException = null)
        : base($"Column '{column}', row {row}: {reason}", innerException)
    {
        Column = column;
        Row = row;
    }

    /// <summary>The column's name.</summary>
    public string Column { get; }

    /// <summary>The row, counted from 0 in the order in which it was read.</summary>
    public long Row { get; }
}
