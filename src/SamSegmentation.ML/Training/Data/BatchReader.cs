using SamSegmentation.ML.Embeddings;

namespace SamSegmentation.ML.Training.Data;

/// <summary>Reads an epoch's batches from the cache, on a thread of its own and a batch ahead of the network.</summary>
/// <param name="samples">The training set.</param>
/// <param name="inputs">Its inputs.</param>
/// <param name="labels">Its labels.</param>
/// <param name="voidId">The id of pixels that do not count.</param>
internal sealed class BatchReader(IReadOnlyList<StoredSample> samples, InputStore inputs, LabelStore labels, int voidId)
{
    // One batch waits while another is made: at most three are in memory.
    private const int Waiting = 1;

    /// <summary>An epoch's batches in their order; the caller disposes each.</summary>
    public IEnumerable<TrainingBatch> Read(EpochPlan plan, int epoch) =>
        ReadAhead.Enumerate(plan.Batches(epoch).Select(Read), Waiting, batch => batch.Dispose(), CancellationToken.None);

    private TrainingBatch Read(PlannedSample[] planned)
    {
        var targets = new TrainingTarget[planned.Length];
        for (var i = 0; i < planned.Length; i++)
        {
            var sample = samples[planned[i].Index];
            var label = labels.Read(sample);
            targets[i] = TrainingTarget.Of(planned[i].Mirrored ? Mirroring.Mirror(label) : label, sample.Geometry, voidId);
        }
        return new TrainingBatch(inputs.Read([.. planned.Select(one => (samples[one.Index], one.Mirrored))]), targets);
    }
}
