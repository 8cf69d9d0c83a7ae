using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Pipeline.Columns;

/// <summary>Reads values of a column so that a failure says which column and row it was.</summary>
internal static class Values
{
    /// <inheritdoc cref="Read{T}"/>
    public static void Read(string column, long row, Action read) =>
        Read(column, row, () =>
        {
            read();
            return true;
        });

    /// <param name="column">The column's name.</param>
    /// <param name="row">The row's position.</param>
    /// <param name="read">Reads the value.</param>
    /// <exception cref="SegmentationDataException">The value's file is damaged, missing or unreadable.</exception>
    public static T Read<T>(string column, long row, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (IsAboutTheValue(e))
        {
            throw new SegmentationDataException(column, row, e.Message, e);
        }
    }

    // What stock loaders, Skia and our own decoders throw at a file; anything else is not the value's fault.
    private static bool IsAboutTheValue(Exception e) =>
        e is ImageFormatException or DatasetException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException
            or InvalidOperationException and not ObjectDisposedException;
}
