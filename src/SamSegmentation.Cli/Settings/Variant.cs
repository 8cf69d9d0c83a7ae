namespace SamSegmentation.Cli.Settings;

/// <summary>The networks that Meta published.</summary>
internal enum Variant
{
    /// <summary>ViT-B.</summary>
    VitB,

    /// <summary>ViT-L.</summary>
    VitL,

    /// <summary>ViT-H.</summary>
    VitH,
}
