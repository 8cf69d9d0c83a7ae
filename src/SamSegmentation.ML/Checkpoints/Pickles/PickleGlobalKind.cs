namespace SamSegmentation.ML.Checkpoints.Pickles;

/// <summary>What a permitted Python name stands for.</summary>
internal enum PickleGlobalKind
{
    /// <summary>A dictionary.</summary>
    OrderedDict,

    /// <summary>A tensor: (storage, offset, size, stride).</summary>
    RebuildTensor,

    /// <summary>A tensor: (storage, offset, size, stride, requires_grad, hooks[, metadata]).</summary>
    RebuildTensorV2,

    /// <summary>A parameter: (tensor, requires_grad, hooks).</summary>
    RebuildParameter,

    /// <summary>A tuple of sizes.</summary>
    Size,

    /// <summary>The name of a device.</summary>
    Device,

    /// <summary>The type of a storage; only mentioned, never applied.</summary>
    Storage,

    /// <summary>A dtype; only mentioned, never applied.</summary>
    DType,
}
