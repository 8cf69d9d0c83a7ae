namespace SamSegmentation.ML.Datasets;

/// <summary>Why a sample cannot be used.</summary>
public enum SampleProblemKind
{
    /// <summary>A list names it in a way that no file can have.</summary>
    MalformedId,

    /// <summary>The list, or another file of the same name, has it already.</summary>
    DuplicateId,

    /// <summary>There is no photograph.</summary>
    MissingImage,

    /// <summary>There is no mask.</summary>
    MissingMask,

    /// <summary>The photograph is no PNG or JPEG, is damaged or cut off, too large, or cannot be opened.</summary>
    UnreadableImage,

    /// <summary>The mask is no PNG of class ids (or of the given colours), is damaged, too large, or cannot be opened.</summary>
    UnreadableMask,

    /// <summary>Mask and photograph differ in size.</summary>
    SizeMismatch,

    /// <summary>The mask holds an id that is neither a class nor void.</summary>
    UnknownClassId,
}
