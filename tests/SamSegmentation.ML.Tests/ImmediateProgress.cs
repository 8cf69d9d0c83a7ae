namespace SamSegmentation.ML.Tests;

/// <summary>Calls an action at once, on the reporting thread.</summary>
internal sealed class ImmediateProgress<T>(Action<T> tell) : IProgress<T>
{
    public void Report(T value) => tell(value);
}
