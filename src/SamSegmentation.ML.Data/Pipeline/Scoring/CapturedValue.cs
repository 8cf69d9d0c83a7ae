using System.Runtime.ExceptionServices;

namespace SamSegmentation.ML.Pipeline.Scoring;

/// <summary>A column's value in one row that was read ahead, or why it cannot be read.</summary>
internal abstract class CapturedValue(ExceptionDispatchInfo? error)
{
    /// <summary>Throws what reading the value threw.</summary>
    public void ThrowIfFailed() => error?.Throw();
}

/// <inheritdoc cref="CapturedValue"/>
internal sealed class CapturedValue<T>(T value, ExceptionDispatchInfo? error) : CapturedValue(error)
{
    public T Value
    {
        get
        {
            ThrowIfFailed();
            return value;
        }
    }
}
