using SamSegmentation.Cli.Display;
using SamSegmentation.ML.Embeddings;

namespace SamSegmentation.Cli.Embedding;

/// <summary>Shows how far a pass over images has come.</summary>
/// <param name="display">Where it is shown.</param>
/// <param name="stage">What the pass is called.</param>
internal sealed class EmbeddingReport(IDisplay display, string stage) : IProgress<EmbeddingProgress>
{
    /// <inheritdoc/>
    public void Report(EmbeddingProgress value) =>
        display.Progress(stage, value.Done, value.Total, $"{value.Encoded} computed");
}
