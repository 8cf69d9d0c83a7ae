using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Modeling.Memory;
using SamSegmentation.ML.Training.Augmentation;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Training.Data;

/// <summary>Reads an epoch's batches from the cache, on a thread of its own and a batch ahead of the network.</summary>
/// <param name="set">The training set.</param>
/// <param name="inputs">Its inputs.</param>
/// <param name="labels">Its labels.</param>
/// <param name="augmenter">Varies images and labels as they are read; null where they are read as they lie in the cache.</param>
/// <param name="voidId">The id of pixels that do not count.</param>
/// <param name="device">The network's device.</param>
internal sealed class BatchReader(StoredSet set, InputStore inputs, LabelStore labels, Augmenter? augmenter, int voidId, Device device)
{
    // One batch waits while another is made: at most three are in memory.
    private const int Waiting = 1;

    /// <summary>An epoch's batches in their order, but for some first ones; the caller disposes each.</summary>
    public IEnumerable<TrainingBatch> Read(EpochPlan plan, int epoch, int skipped = 0) =>
        ReadAhead.Enumerate(plan.Batches(epoch).Skip(skipped).Select(planned => Read(planned, epoch)), Waiting, batch => batch.Dispose(), CancellationToken.None);

    private TrainingBatch Read(PlannedSample[] planned, int epoch)
    {
        var samples = planned.Select(one => (Sample: set[one], Draw: augmenter?.Draw(epoch, one.Index))).ToArray();
        return new TrainingBatch(DeviceTransfer.Staged(inputs.Read(samples), device), [.. samples.Select(one => Target(one.Sample, one.Draw))]);
    }

    private TrainingTarget Target(StoredSample sample, AugmentationDraw? draw)
    {
        var (label, geometry) = (labels.Read(sample), sample.Geometry);
        // The image is varied at the size that it has in the network's input; so is the label.
        if (draw is not null)
            label = augmenter!.Apply(label.ResizeNearest(geometry.ContentHeight, geometry.ContentWidth), draw);
        return TrainingTarget.Of(label, geometry, voidId);
    }
}
