using System.Runtime.ExceptionServices;

namespace SamSegmentation.ML.Prediction;

/// <summary>Cuts a sequence into batches whose items are not lost when a later one fails.</summary>
internal static class Batches
{
    /// <summary>Arrays of <paramref name="size"/> items in order; the last one may be shorter.</summary>
    /// <param name="source">The items. Its error comes after a batch of the items before it.</param>
    /// <param name="size">At least 1.</param>
    public static IEnumerable<T[]> Of<T>(IEnumerable<T> source, int size)
    {
        using var items = source.GetEnumerator();
        ExceptionDispatchInfo? error = null;
        var more = true;
        while (more)
        {
            var batch = new List<T>();
            try
            {
                while (batch.Count < size && (more = items.MoveNext()))
                    batch.Add(items.Current);
            }
            catch (Exception e)
            {
                (error, more) = (ExceptionDispatchInfo.Capture(e), false);
            }
            if (batch.Count > 0)
                yield return [.. batch];
        }
        error?.Throw();
    }
}
