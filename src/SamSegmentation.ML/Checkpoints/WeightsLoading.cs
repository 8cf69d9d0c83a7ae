using static TorchSharp.torch;

namespace SamSegmentation.ML.Checkpoints;

/// <summary>
/// One loading of a checkpoint into a network. Everything is compared first; only when all fits are values copied, so
/// that a failure leaves the network as it was.
/// </summary>
/// <param name="checkpoint">The checkpoint.</param>
/// <param name="names">Its names, by Meta's.</param>
/// <param name="isWanted">Whether the network's tensor of a name is to be loaded.</param>
internal sealed class WeightsLoading(Checkpoint checkpoint, SamNames names, Func<string, bool> isWanted)
{
    /// <param name="module">The network.</param>
    /// <param name="summary">What the checkpoint and the network are, for the error.</param>
    /// <param name="mayBeUnused">Whether a name that the checkpoint has and the network has not is in order.</param>
    /// <exception cref="CheckpointMismatchException">A name, shape or dtype does not fit.</exception>
    public CheckpointLoadReport Into(nn.Module module, string summary, Func<string, bool> mayBeUnused)
    {
        var targets = module.state_dict();
        var wanted = targets.Keys.Where(isWanted).Order(StringComparer.Ordinal).ToArray();
        var extra = names.Stored.Keys.Where(name => !targets.ContainsKey(name) || !isWanted(name)).ToLookup(mayBeUnused);
        var missing = wanted.Where(name => !names.Stored.ContainsKey(name)).ToArray();
        string[] unexpected = [.. extra[false].Select(name => names.Stored[name]), .. names.Unknown];
        var misshaped = wanted.Where(names.Stored.ContainsKey).Select(name => Misfit(name, targets[name])).OfType<string>().ToArray();
        if (missing.Length + unexpected.Length + misshaped.Length > 0)
            throw new CheckpointMismatchException(checkpoint.Path, summary, missing, unexpected, misshaped);

        using (no_grad())
        {
            foreach (var name in wanted)
            {
                using var scope = NewDisposeScope();
                // copy_ converts to the parameter's own dtype and device.
                targets[name].copy_(checkpoint.Read(names.Stored[name]));
            }
        }
        return new CheckpointLoadReport(
            checkpoint.Path,
            names.Layout,
            wanted,
            [.. targets.Keys.Except(wanted).Order(StringComparer.Ordinal)],
            [.. names.Unused, .. extra[true].Select(name => names.Stored[name])]);
    }

    private string? Misfit(string name, Tensor target)
    {
        var entry = checkpoint.Entries[names.Stored[name]];
        if (!entry.Shape.SequenceEqual(target.shape))
            return $"{entry.Name} is [{string.Join(", ", entry.Shape)}] in the file and [{string.Join(", ", target.shape)}] in the network";
        return entry.DType is ScalarType.Float64 or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16
            ? null
            : $"{entry.Name} is {entry.DType} in the file and {target.dtype} in the network";
    }
}
