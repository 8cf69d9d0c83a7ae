using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.ML.Hosting;

/// <summary>
/// A predictor on loan from <see cref="SegmentationPredictorPool"/>. Until it is disposed it keeps its place among the
/// concurrent requests, and its model stays loaded even if the file has changed meanwhile.
/// </summary>
public sealed class PredictorLease : IDisposable
{
    private readonly LoadedModel _model;
    private SemaphoreSlim? _places;

    internal PredictorLease(LoadedModel model, SemaphoreSlim places) => (_model, _places) = (model, places);

    /// <summary>The predictor; not to be used after the lease is disposed.</summary>
    public SegmentationPredictor Predictor => _model.Predictor;

    /// <summary>What the model's file says of it: classes, dimensions, preprocessing.</summary>
    public SavedModelInfo Info => _model.Info;

    /// <summary>Gives the predictor back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _places, null) is not { } places)
            return;
        _model.Release();
        places.Release();
    }
}
