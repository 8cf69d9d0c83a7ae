using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Checkpoints;

/// <summary>A saved semantic network, opened: the network with what its file says about it.</summary>
public sealed class SegmentationModel : IDisposable
{
    /// <summary>Describes a network that is there already; disposing the model disposes it.</summary>
    internal SegmentationModel(SemanticSam network, SavedModelInfo info)
    {
        Network = network;
        Info = info;
    }

    /// <summary>The network, in evaluation mode on the device that was asked for.</summary>
    public SemanticSam Network { get; }

    /// <summary>
    /// Its dimensions, classes and preprocessing. For the reference's file, which states none of these: the dimensions
    /// of its weights, PASCAL VOC's class names if there are 21 and <c>class_0</c>, <c>class_1</c>, … otherwise, and
    /// <see cref="Preprocessing.Stretch"/>.
    /// </summary>
    public SavedModelInfo Info { get; }

    /// <summary>How images must be prepared for it: what <see cref="SavedModelInfo.Preprocessing"/> names.</summary>
    /// <exception cref="InvalidOperationException">It names no preprocessing of this library; <see cref="Load(string, string?, Device?)"/> refuses such files.</exception>
    public Preprocessing Preprocessing => IsKnown(Info.Preprocessing)
        ? Enum.Parse<Preprocessing>(Info.Preprocessing)
        : throw new InvalidOperationException(UnknownPreprocessing(Info));

    /// <summary>Loads a semantic network.</summary>
    /// <param name="path">
    /// A whole model (<c>model.safetensors</c>), a run's checkpoint without encoder (<c>best.safetensors</c>,
    /// <c>last.safetensors</c>), or the reference's <c>model.pth</c>.
    /// </param>
    /// <param name="encoderCheckpoint">
    /// For a checkpoint without encoder, the file that its training started from, or a whole model with the same
    /// encoder; its weights must have the hash that the checkpoint states. Adapters that the checkpoint holds are put onto
    /// it, unmerged. Null for whole files.
    /// </param>
    /// <param name="device">Where the network is put; null for the CPU.</param>
    /// <returns>The network, which the caller disposes.</returns>
    /// <exception cref="CheckpointMismatchException">
    /// The file holds no semantic network, the encoder is missing or another one, or a tensor does not fit.
    /// </exception>
    /// <exception cref="CheckpointFormatException">A file is damaged, contradicts itself, or does not say how images are prepared.</exception>
    /// <exception cref="ArgumentException">An encoder is given for a file that holds one.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public static SegmentationModel Load(string path, string? encoderCheckpoint = null, Device? device = null)
    {
        using var checkpoint = Checkpoint.Open(path);
        var info = Describe(checkpoint);
        if (info.Parts is null)
        {
            return encoderCheckpoint is null
                ? Load(info, device, model => SamCheckpoint.Load(model, checkpoint))
                : throw new ArgumentException($"'{path}' holds a whole network; the encoder of '{encoderCheckpoint}' has no place in it.", nameof(encoderCheckpoint));
        }
        if (encoderCheckpoint is null)
            throw Mismatch(checkpoint, $"the file holds {string.Join(", ", info.Parts)} alone; give the checkpoint of the image encoder that it was trained with, whose hash is {info.EncoderHash}.");
        using var encoder = Checkpoint.Open(encoderCheckpoint);
        // Before anything is allocated by what the first file says.
        SamCheckpoint.ConfirmConfig(encoder, checkpoint, info);
        return Load(info, device, model =>
        {
            // The encoder's file may hold another head, of which nothing is wanted.
            SamCheckpoint.LoadPart(model, encoder, name => !info.Holds(name) && (!SamNames.IsOfHead(name) || info.Head.Owns(name)));
            SamCheckpoint.LoadPart(model, checkpoint, info.Holds);
            var hash = WeightsHash.Compute(model.image_encoder);
            if (hash != info.EncoderHash)
                throw Mismatch(checkpoint, $"it was trained with an image encoder whose hash is {info.EncoderHash}; that of '{encoderCheckpoint}' is {hash}.");
        });
    }

    /// <summary>Disposes the network.</summary>
    public void Dispose() => Network.Dispose();

    private static SegmentationModel Load(SavedModelInfo info, Device? device, Action<SemanticSam> load)
    {
        var model = new SemanticSam(info.Config, info.ClassNames.Count, info.Head);
        try
        {
            if (info.Adapters is not null)
                model.AddAdapters(info.Adapters);
            load(model);
            model.to(device ?? CPU);
            model.eval();
            return new SegmentationModel(model, info);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static SavedModelInfo Describe(Checkpoint checkpoint)
    {
        var classes = SamCheckpoint.InferClasses(checkpoint);
        if (SamCheckpoint.ReadInfo(checkpoint) is { } info)
        {
            SamCheckpoint.InferConfig(checkpoint);
            if (!IsKnown(info.Preprocessing))
                throw new CheckpointFormatException(checkpoint.Path, "metadata", UnknownPreprocessing(info));
            return info.ClassNames.Count == classes
                ? info
                : throw new CheckpointFormatException(checkpoint.Path, "names", $"the file names {info.ClassNames.Count} classes and holds {classes} {(info.Head.Kind == HeadKind.MaskDecoder ? "hypernetworks" : "rows of its classifier")}.");
        }
        return SamCheckpoint.FindLayout(checkpoint) switch
        {
            SamCheckpointLayout.Reference => new SavedModelInfo
            {
                Config = SamCheckpoint.InferConfig(checkpoint),
                ClassNames = classes == ClassList.Voc.Count ? ClassList.Voc.Names : [.. Enumerable.Range(0, classes).Select(id => $"class_{id}")],
                Preprocessing = nameof(Preprocessing.Stretch),
            },
            SamCheckpointLayout.Sam => throw Mismatch(checkpoint, "the file holds SAM's promptable network, which knows no classes; a semantic network is trained from it."),
            _ => throw new CheckpointFormatException(checkpoint.Path, "metadata", "it does not say which classes the network has and how images are prepared for it; this library's files do."),
        };
    }

    private static bool IsKnown(string preprocessing) => Enum.GetNames<Preprocessing>().Contains(preprocessing);

    private static string UnknownPreprocessing(SavedModelInfo info) =>
        $"images were prepared by '{info.Preprocessing}'; expected {string.Join(" or ", Enum.GetNames<Preprocessing>())}.";

    private static CheckpointMismatchException Mismatch(Checkpoint checkpoint, string summary) => new(checkpoint.Path, summary, [], [], []);
}
