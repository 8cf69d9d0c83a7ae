using SamSegmentation.ML.Modeling;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Checkpoints;

/// <summary>
/// Checkpoints of Segment Anything networks: Meta's files, the reference's model.pth, and our own, which are Meta's
/// names in safetensors with a description of the model.
/// </summary>
public static class SamCheckpoint
{
    /// <summary>
    /// Finds the dimensions of the network that a checkpoint holds: as it states them, if it is our own, else from the
    /// names and shapes of its weights.
    /// </summary>
    /// <remarks>
    /// No shape tells the decoder's number of heads; it is taken for SAM's eight. A window as large as the grid cannot
    /// be told from global attention, and computes the same.
    /// </remarks>
    /// <exception cref="CheckpointFormatException">
    /// The checkpoint holds no such network, or not all that is needed, or its weights contradict what it states.
    /// </exception>
    public static SamConfig InferConfig(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var info = ReadInfo(checkpoint);
        if (info?.Parts is not null)
            return info.Config;
        var inference = new SamConfigInference(checkpoint, SamNames.Find(checkpoint));
        return info is null ? inference.Infer() : inference.Confirm(info.Config);
    }

    /// <summary>Checks that the shapes of a checkpoint's weights are those of a configuration that another file states.</summary>
    /// <exception cref="CheckpointFormatException">They are not, or the checkpoint holds no such network.</exception>
    internal static void ConfirmConfig(Checkpoint checkpoint, SamConfig stated) =>
        new SamConfigInference(checkpoint, SamNames.Find(checkpoint)).Confirm(stated);

    /// <summary>
    /// Finds how many classes a checkpoint was trained for: the number of its hypernetworks. Meta's files have four
    /// that stand for no classes; see <see cref="FindLayout"/>.
    /// </summary>
    /// <exception cref="CheckpointFormatException">The checkpoint holds no Segment Anything network.</exception>
    public static int InferClasses(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return SamNames.Find(checkpoint).HypernetworkCount;
    }

    /// <summary>Finds whose names a checkpoint uses.</summary>
    /// <exception cref="CheckpointFormatException">The checkpoint holds no Segment Anything network.</exception>
    public static SamCheckpointLayout FindLayout(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return SamNames.Find(checkpoint).Layout;
    }

    /// <summary>Reads what a model that <see cref="SaveModel"/> wrote says about itself.</summary>
    /// <returns>Null for a checkpoint that somebody else wrote.</returns>
    /// <exception cref="CheckpointFormatException">The description is damaged, or of a later version.</exception>
    public static SavedModelInfo? ReadInfo(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return SavedModelMetadata.IsIn(checkpoint) ? SavedModelMetadata.Read(checkpoint) : null;
    }

    /// <summary>
    /// Loads all weights of a semantic network, cast to its dtype and device. Of a SAM checkpoint the first classes'
    /// hypernetworks start from SAM's four, and further ones keep what they have; any other checkpoint must have one
    /// for each class.
    /// </summary>
    /// <returns>What was loaded and what was not.</returns>
    /// <exception cref="CheckpointMismatchException">
    /// A name is missing or unexpected, or a shape or dtype does not fit; all are listed, and nothing was loaded.
    /// </exception>
    /// <exception cref="CheckpointFormatException">The checkpoint is damaged or holds no Segment Anything network.</exception>
    public static CheckpointLoadReport Load(SemanticSam model, Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(checkpoint);
        var names = SamNames.Find(checkpoint);
        var isStart = names.Layout == SamCheckpointLayout.Sam;
        return new WeightsLoading(checkpoint, names, name => !isStart || SamNames.HypernetworkIndex(name) is null or < SamNames.SamHypernetworks)
            .Into(model, Summary(checkpoint, names, $"a semantic network of {model.Classes} classes"), name => isStart && SamNames.HypernetworkIndex(name) < SamNames.SamHypernetworks);
    }

    /// <summary>
    /// Loads some of a semantic network's weights, cast to its dtype and device, and leaves the others as they are:
    /// the decoder from a file that holds it alone, or all but the hypernetworks from a model of other classes.
    /// </summary>
    /// <param name="model">The network.</param>
    /// <param name="checkpoint">The checkpoint; it may hold more than the part.</param>
    /// <param name="isPart">Whether a tensor of the network belongs to the part, by its name.</param>
    /// <returns>What was loaded and what was not.</returns>
    /// <exception cref="CheckpointMismatchException">
    /// Within the part, a name is missing or unexpected, or a shape or dtype does not fit; nothing was loaded.
    /// </exception>
    /// <exception cref="CheckpointFormatException">The checkpoint is damaged or holds no Segment Anything network.</exception>
    public static CheckpointLoadReport LoadPart(SemanticSam model, Checkpoint checkpoint, Func<string, bool> isPart)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(isPart);
        var names = SamNames.Find(checkpoint);
        return new WeightsLoading(checkpoint, names, isPart)
            .Into(model, Summary(checkpoint, names, $"a part of a semantic network of {model.Classes} classes"), name => !isPart(name));
    }

    /// <summary>Loads all weights of the promptable network, cast to its dtype and device.</summary>
    /// <param name="model">The network.</param>
    /// <param name="checkpoint">Meta's file, or the reference's, which holds SAM too.</param>
    /// <returns>What was loaded and what was not.</returns>
    /// <exception cref="CheckpointMismatchException">
    /// A name is missing or unexpected, or a shape or dtype does not fit, as with a semantic network's checkpoint.
    /// </exception>
    /// <exception cref="CheckpointFormatException">The checkpoint is damaged or holds no Segment Anything network.</exception>
    public static CheckpointLoadReport LoadSam(Sam model, Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(checkpoint);
        var names = SamNames.FindSam(checkpoint);
        var summary = Summary(checkpoint, names, "the promptable SAM");
        if (names.Layout != SamCheckpointLayout.Sam)
            throw new CheckpointMismatchException(checkpoint.Path, summary, [], [], []);
        return new WeightsLoading(checkpoint, names, _ => true).Into(model, summary, _ => false);
    }

    /// <summary>
    /// Writes a model as safetensors, atomically. In a whole model LoRA's updates are merged into the weights, while
    /// AdaptFormer's bottlenecks, which cannot be merged, stay what they are; parts hold adapters unmerged.
    /// </summary>
    /// <param name="model">The network, which stays as it is; each tensor is stored in its own dtype.</param>
    /// <param name="path">The file; missing folders are made.</param>
    /// <param name="info">
    /// What the file says about the model. Its configuration and number of classes must be the model's; with
    /// <see cref="SavedModelInfo.Parts"/>, only the tensors whose names begin so are written.
    /// </param>
    /// <exception cref="ArgumentException">The info contradicts the model, or no tensor belongs to the part.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveModel(SemanticSam model, string path, SavedModelInfo info)
    {
        using var scope = NewDisposeScope();
        var tensors = TensorsOf(model, info);
        SafetensorsFile.Write(path, tensors, SavedModelMetadata.Write(WithAdapters(model, info)));
    }

    /// <summary>Writes the same bytes as <see cref="SaveModel"/> to a stream, so that memory does not grow by the model's size (but by merged weights).</summary>
    /// <param name="model">The network; each tensor is stored in its own dtype.</param>
    /// <param name="stream">Where they go; it stays open.</param>
    /// <param name="info">What they say about the model, as for a file.</param>
    /// <exception cref="ArgumentException">The info contradicts the model, or no tensor belongs to the part.</exception>
    public static void WriteModel(SemanticSam model, Stream stream, SavedModelInfo info)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var scope = NewDisposeScope();
        var tensors = TensorsOf(model, info);
        SafetensorsFile.Write(stream, tensors, SavedModelMetadata.Write(WithAdapters(model, info)));
    }

    private static KeyValuePair<string, Tensor>[] TensorsOf(SemanticSam model, SavedModelInfo info)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(info);
        if (!info.Config.Equals(model.Config))
            throw new ArgumentException($"The info's configuration is {info.Config}, but the model's is {model.Config}.", nameof(info));
        if (info.ClassNames.Count != model.Classes)
            throw new ArgumentException($"The info names {info.ClassNames.Count} classes, but the model has {model.Classes}.", nameof(info));
        var state = info.Parts is null ? model.merged_state_dict() : model.state_dict();
        var tensors = state.Where(pair => info.Holds(pair.Key)).ToArray();
        return tensors.Length > 0
            ? tensors
            : throw new ArgumentException($"No tensor's name begins with {string.Join(" or ", info.Parts!.Select(part => $"'{part}'"))}.", nameof(info));
    }

    // What the tensors say of the adapters.
    private static SavedModelInfo WithAdapters(SemanticSam model, SavedModelInfo info) =>
        info with { Adapters = info.Parts is null ? model.Adapters?.WithoutLora : info.Holds("adapters.") ? model.Adapters : null };

    private static string Summary(Checkpoint checkpoint, SamNames names, string network)
    {
        var file = names.Layout switch
        {
            SamCheckpointLayout.Sam => "the weights of SAM",
            SamCheckpointLayout.Reference => $"the reference's weights for {names.HypernetworkCount} classes",
            _ when ReadInfo(checkpoint)?.Parts is { } parts => $"the part {string.Join(", ", parts.Select(part => $"'{part}*'"))} of a semantic network of {names.HypernetworkCount} classes",
            _ => $"the weights of a semantic network of {names.HypernetworkCount} classes",
        };
        return $"the file holds {file}, the network is {network}.";
    }
}
