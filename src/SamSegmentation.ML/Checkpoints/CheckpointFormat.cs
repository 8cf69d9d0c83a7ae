namespace SamSegmentation.ML.Checkpoints;

/// <summary>How a checkpoint file is laid out.</summary>
public enum CheckpointFormat
{
    /// <summary>A JSON header and raw tensors (huggingface.co/docs/safetensors).</summary>
    Safetensors,

    /// <summary>What <c>torch.save</c> writes since PyTorch 1.6: an archive of a pickle and one entry per storage.</summary>
    PyTorchZip,

    /// <summary>What <c>torch.save</c> wrote before 1.6: a row of pickles and then the storages.</summary>
    PyTorchLegacy,
}
