namespace SamSegmentation.ML.Checkpoints;

/// <summary>Whose names a checkpoint of a Segment Anything network uses, and what its hypernetworks mean.</summary>
public enum SamCheckpointLayout
{
    /// <summary>Meta's names with SAM's four hypernetworks, one per mask token.</summary>
    Sam,

    /// <summary>Meta's names with one hypernetwork per class: what <see cref="SamCheckpoint.SaveModel"/> writes.</summary>
    Semantic,

    /// <summary>The model.pth of SAM_for_Semantic_Segmentation, one hypernetwork per class.</summary>
    Reference,
}
