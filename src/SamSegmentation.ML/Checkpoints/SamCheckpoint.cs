using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Heads;
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
        var inference = new SamConfigInference(checkpoint, SamNames.Find(checkpoint));
        if (info is null)
            return inference.Infer();
        inference.ConfirmHead(info);
        return info.Parts is null ? inference.Confirm(info) : info.Config;
    }

    /// <summary>Checks that the shapes of an encoder's file, and of a part without encoder, are those that the part states.</summary>
    /// <exception cref="CheckpointFormatException">They are not, or the files hold no such network.</exception>
    internal static void ConfirmConfig(Checkpoint encoder, Checkpoint part, SavedModelInfo info)
    {
        var names = SamNames.Find(encoder);
        if (info.Head.Kind == HeadKind.MaskDecoder && !names.HasMaskDecoder)
            new SamConfigInference(part, SamNames.Find(part)).ConfirmDecoder(info.Config);
        new SamConfigInference(encoder, names).Confirm(info.Config);
    }

    /// <summary>
    /// Finds how many classes a checkpoint was trained for: the number of its hypernetworks, or of another head's rows.
    /// Meta's files have four hypernetworks that stand for no classes; see <see cref="FindLayout"/>.
    /// </summary>
    /// <exception cref="CheckpointFormatException">The checkpoint holds no Segment Anything network.</exception>
    public static int InferClasses(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return SamNames.Find(checkpoint).Classes;
    }

    /// <summary>Finds a checkpoint's semantic head: what our own files state; the mask decoder in all others.</summary>
    /// <exception cref="CheckpointFormatException">The description is damaged, or of a later version.</exception>
    public static HeadConfig InferHead(Checkpoint checkpoint) => ReadInfo(checkpoint)?.Head ?? HeadConfig.Default;

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
    /// hypernetworks start from SAM's four, and further ones keep what they have, as does all else of a head that SAM has
    /// not; any other checkpoint must have the network's head and number of classes.
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
        var summary = Summary(checkpoint, names, Describe(model.Classes, model.Head));
        if (names.Layout == SamCheckpointLayout.Sam)
            return new WeightsLoading(checkpoint, names, SamNames.IsOfSam).Into(model, summary, name => IsUnused(model, name));
        if (!InferHead(checkpoint).Equals(model.Head))
            throw new CheckpointMismatchException(checkpoint.Path, summary, [], [], []);
        return new WeightsLoading(checkpoint, names, _ => true).Into(model, summary, _ => false);
    }

    /// <summary>
    /// Loads what a training can start from: of SAM's weights, and of a network with the same head and number of classes,
    /// what <see cref="Load"/> takes; with the same head and other classes all but the classifier; with another head the
    /// image encoder alone, with its adapters. What is not taken stays as it is.
    /// </summary>
    /// <returns>What was loaded and what was not.</returns>
    /// <exception cref="CheckpointMismatchException">A name is missing or unexpected, or a shape or dtype does not fit.</exception>
    /// <exception cref="CheckpointFormatException">The checkpoint is damaged or holds no Segment Anything network.</exception>
    public static CheckpointLoadReport LoadStart(SemanticSam model, Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (FindLayout(checkpoint) == SamCheckpointLayout.Sam)
            return Load(model, checkpoint);
        if (!InferHead(checkpoint).Equals(model.Head))
            return LoadPart(model, checkpoint, SamNames.IsOfEncoder);
        return InferClasses(checkpoint) == model.Classes
            ? Load(model, checkpoint)
            : LoadPart(model, checkpoint, name => !name.StartsWith(model.Head.ClassifierPart, StringComparison.Ordinal));
    }

    /// <summary>
    /// Makes the network that a training starts from: a checkpoint's, with the adapters that it has, and with the weights that
    /// <see cref="LoadStart"/> takes. What is not taken is random, as <c>torch.manual_seed</c> has it.
    /// </summary>
    /// <param name="checkpoint">A checkpoint with an image encoder.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="head">The semantic head; null for the checkpoint's, which for SAM's weights is the mask decoder.</param>
    /// <param name="config">The dimensions; null for those that the checkpoint's weights have.</param>
    /// <returns>The network on the CPU, which the caller disposes.</returns>
    /// <exception cref="CheckpointMismatchException">A name is missing or unexpected, or a shape or dtype does not fit.</exception>
    /// <exception cref="CheckpointFormatException">The checkpoint is damaged or holds no Segment Anything network.</exception>
    /// <exception cref="ArgumentException">The head names encoder blocks that the network has not.</exception>
    public static SemanticSam CreateStart(Checkpoint checkpoint, int classes, HeadConfig? head = null, SamConfig? config = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var model = new SemanticSam(config ?? InferConfig(checkpoint), classes, head ?? InferHead(checkpoint));
        try
        {
            if (ReadInfo(checkpoint)?.Adapters is { } adapters)
                model.AddAdapters(adapters);
            LoadStart(model, checkpoint);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
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
            .Into(model, Summary(checkpoint, names, $"a part of {Describe(model.Classes, model.Head)}"), name => !isPart(name));
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
        if (!info.Head.Equals(model.Head))
            throw new ArgumentException($"The info's head is {info.Head}, but the model's is {model.Head}.", nameof(info));
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
            SamCheckpointLayout.Reference => $"the reference's weights for {names.Classes} classes",
            _ when ReadInfo(checkpoint)?.Parts is { } parts => $"the part {string.Join(", ", parts.Select(part => $"'{part}*'"))} of {Describe(names.Classes, InferHead(checkpoint))}",
            _ => $"the weights of {Describe(names.Classes, InferHead(checkpoint))}",
        };
        return $"the file holds {file}, the network is {network}.";
    }

    private static string Describe(int classes, HeadConfig head) =>
        $"a semantic network of {classes} classes{(head.Equals(HeadConfig.Default) ? "" : $" with the head {head}")}";

    // What a head other than SAM's own leaves of SAM: its hypernetworks beyond the classes, or all of its decoder.
    private static bool IsUnused(SemanticSam model, string name) => model.mask_decoder is null
        ? name.StartsWith(HeadConfig.Decoder, StringComparison.Ordinal) || name.StartsWith(HeadConfig.Prompts, StringComparison.Ordinal)
        : SamNames.HypernetworkIndex(name) < SamNames.SamHypernetworks;
}
