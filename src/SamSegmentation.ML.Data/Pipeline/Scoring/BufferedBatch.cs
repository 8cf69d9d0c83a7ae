using SamSegmentation.ML.Prediction;

namespace SamSegmentation.ML.Pipeline.Scoring;

/// <summary>Rows that the network takes at once, when the first of their predictions is asked for.</summary>
internal sealed class BufferedBatch(BufferedRow[] rows, ImageScorer scorer)
{
    private readonly RowPrediction?[] _predictions = new RowPrediction?[rows.Length];
    private ImageOutput?[]? _outputs;

    public BufferedRow[] Rows => rows;

    /// <summary>One row's prediction.</summary>
    /// <exception cref="SegmentationDataException">The row's image cannot be read.</exception>
    public RowPrediction Prediction(int row) => _predictions[row] ??= new RowPrediction(rows[row].Image, () => Output(row));

    private ImageOutput Output(int row)
    {
        if (_outputs is null)
        {
            int[] readable = [.. Enumerable.Range(0, rows.Length).Where(i => rows[i].Input is not null)];
            var results = scorer.Score([.. readable.Select(i => rows[i].Input!)]);
            _outputs = new ImageOutput?[rows.Length];
            for (var i = 0; i < readable.Length; i++)
                _outputs[readable[i]] = results[i];
        }
        return _outputs[row]!;
    }
}
