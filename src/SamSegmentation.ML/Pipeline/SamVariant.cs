using SamSegmentation.ML.Modeling;

namespace SamSegmentation.ML.Pipeline;

/// <summary>The sizes in which Meta published Segment Anything.</summary>
public enum SamVariant
{
    /// <summary><see cref="SamConfig.VitB"/>: 90 M parameters in the encoder.</summary>
    VitB,

    /// <summary><see cref="SamConfig.VitL"/>: 308 M.</summary>
    VitL,

    /// <summary><see cref="SamConfig.VitH"/>: 637 M.</summary>
    VitH,
}
