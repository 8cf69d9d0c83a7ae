using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.ML.Hosting;

/// <summary>
/// The models that a host serves, each loaded once and shared by all requests; injected where they are needed. A model is
/// loaded when it is first asked for, and anew when its file changes: the new one before the old one goes, which stays
/// until the last request that uses it ends. A file that cannot be loaded is logged, and the model before it stays.
/// </summary>
/// <remarks>
/// Registered by <c>services.AddSamSegmentation(…)</c> as a singleton, and disposed with the host. All members may be
/// called from any thread. While a model is loaded anew, memory holds both.
/// </remarks>
public sealed class SegmentationPredictorPool : IDisposable
{
    private readonly Dictionary<string, PooledModel> _models;

    internal SegmentationPredictorPool(
        IEnumerable<ModelName> names,
        IOptionsMonitor<SegmentationModelOptions> options,
        TimeProvider? clock,
        ILogger<SegmentationPredictorPool>? logger)
    {
        _models = names.ToDictionary(
            name => name.Value,
            name => new PooledModel(name.Value, options.Get(name.Value), clock ?? TimeProvider.System, logger ?? NullLogger<SegmentationPredictorPool>.Instance),
            StringComparer.OrdinalIgnoreCase);
        Names = [.. _models.Keys];
    }

    /// <summary>The models' names, as registered.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Predicts one image, when it is its turn.</summary>
    /// <param name="image">The image.</param>
    /// <param name="model">The model's name, in any case; null for the only one.</param>
    /// <param name="cancellation">Ends the waiting; a prediction that has begun is finished.</param>
    /// <returns>The classes at the image's own size, and the probabilities if the model's options ask for them.</returns>
    /// <inheritdoc cref="RentAsync" path="/exception"/>
    /// <exception cref="ArithmeticException">The network's output is not finite.</exception>
    public async Task<SegmentationPrediction> PredictAsync(RgbImage image, string? model = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var lease = await RentAsync(model, cancellation).ConfigureAwait(false);
        return await Task.Run(() => lease.Predictor.Predict(image), cancellation).ConfigureAwait(false);
    }

    /// <summary>Lends a predictor, when there is a place among the model's concurrent requests.</summary>
    /// <param name="model">The model's name, in any case; null for the only one.</param>
    /// <param name="cancellation">Ends the waiting, for a place as for the model to be loaded.</param>
    /// <returns>The predictor, which the caller gives back by disposing the lease.</returns>
    /// <exception cref="ArgumentException">There is no such model, or none is named and there is not just one.</exception>
    /// <exception cref="InvalidOperationException">The model cannot be loaded; the inner exception says why. The next request tries again.</exception>
    /// <exception cref="OperationCanceledException">The waiting was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    public Task<PredictorLease> RentAsync(string? model = null, CancellationToken cancellation = default) => Find(model).RentAsync(cancellation);

    /// <summary>Loads a model anew, or ahead of its first request.</summary>
    /// <param name="model">The model's name, in any case; null for the only one.</param>
    /// <returns>Completes when the new model has taken the old one's place.</returns>
    /// <exception cref="ArgumentException">There is no such model, or none is named and there is not just one.</exception>
    /// <exception cref="InvalidOperationException">The model cannot be loaded, and the old one stays; the inner exception says why.</exception>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    public Task ReloadAsync(string? model = null) => Find(model).LoadAsync(onlyIfAbsent: false);

    /// <summary>Drops all models; one that is still on loan goes when it is given back.</summary>
    public void Dispose()
    {
        foreach (var model in _models.Values)
            model.Dispose();
    }

    private PooledModel Find(string? name)
    {
        var known = Names.Count == 0 ? "none is registered" : $"registered: {string.Join(", ", Names)}";
        if (name is null)
            return _models.Count == 1 ? _models.Values.Single() : throw new ArgumentException($"Which model? {known}.", nameof(name));
        return _models.TryGetValue(name, out var model) ? model : throw new ArgumentException($"There is no model '{name}'; {known}.", nameof(name));
    }
}
