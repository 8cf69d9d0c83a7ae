namespace SamSegmentation.ML.Datasets;

/// <summary>What becomes of samples that cannot be used.</summary>
public enum BadSamplePolicy
{
    /// <summary>Opening the dataset fails, and the error lists them.</summary>
    Fail,

    /// <summary>They are left out and listed, up to a stated fraction of the dataset.</summary>
    Skip,
}
