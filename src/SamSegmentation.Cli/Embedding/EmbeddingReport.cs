using SamSegmentation.Cli.Display;
using SamSegmentation.ML.Embeddings;

namespace SamSegmentation.Cli.Embedding;

/// <summary>Shows how far a pass over images has come.</summary>
/// <param name="display">Where it is shown.</param>
/// <param name="stage">What the pass is called.</param>
/// <param name="total">How many images, or views of them, it passes over.</param>
internal sealed class EmbeddingReport(IDisplay display, string stage, int total) : IProgress<EmbeddingProgress>
{
    /// <inheritdoc/>
    public void Report(EmbeddingProgress value) =>
        display.Progress(stage, value.Done, total, $"{value.Encoded} computed");
}
