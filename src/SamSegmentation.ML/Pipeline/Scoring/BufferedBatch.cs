using SamSegmentation.ML.Prediction;

namespace SamSegmentation.ML.Pipeline.Scoring;

/// <summary>Rows that the network takes at once, when the first of their predictions is asked for.</summary>
internal sealed class BufferedBatch(BufferedRow[] rows, ImageScorer scorer)
{
    private readonly RowPrediction?[] _predictions = new RowPrediction?[rows.Length];
    private ImageLogits?[]? _logits;

    public BufferedRow[] Rows => rows;

    /// <summary>One row's prediction.</summary>
    /// <exception cref="SegmentationDataException">The row's image cannot be read.</exception>
    public RowPrediction Prediction(int row) => _predictions[row] ??= new RowPrediction(rows[row].Image, () => Logits(row));

    private ImageLogits Logits(int row)
    {
        if (_logits is null)
        {
            int[] readable = [.. Enumerable.Range(0, rows.Length).Where(i => rows[i].Prepared is not null)];
            var results = scorer.Score([.. readable.Select(i => rows[i].Prepared!)]);
            _logits = new ImageLogits?[rows.Length];
            for (var i = 0; i < readable.Length; i++)
                _logits[readable[i]] = results[i];
        }
        return _logits[row]!;
    }
}
