using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Modeling.Memory;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Training;

namespace SamSegmentation.ML.Hosting;

/// <summary>A model in memory, shared by those who use it; the last one to let go disposes it.</summary>
internal sealed class LoadedModel
{
    private readonly SegmentationModel _model;
    private int _users = 1; // the pool

    private LoadedModel(SegmentationModel model, SegmentationPredictor predictor) => (_model, Predictor) = (model, predictor);

    public SegmentationPredictor Predictor { get; }

    public SavedModelInfo Info => _model.Info;

    /// <summary>Loads a model by its options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="reduced">Told where fewer windows go through the network at once, because they did not fit the device's memory.</param>
    public static LoadedModel Load(SegmentationModelOptions options, Action<ReducedBatch> reduced)
    {
        var device = DeviceName.Resolve(options.Device);
        var model = SegmentationModel.Load(options.Path, options.EncoderCheckpoint, device);
        try
        {
            var predictor = new SegmentationPredictor(model.Network, model.Preprocessing, device)
            {
                WithProbabilities = options.WithProbabilities,
                Inference = options.Inference,
                OnReduced = reduced,
            };
            return new LoadedModel(model, predictor);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Counts a user more; the caller knows that there still is one.</summary>
    public void Use() => Interlocked.Increment(ref _users);

    /// <summary>Counts a user less.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            _model.Dispose();
    }
}
