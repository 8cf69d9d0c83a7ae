using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Datasets;

/// <summary>How photographs and masks in folders find each other.</summary>
/// <remarks>
/// A photograph <c>a/b/name</c> + image suffix below the images folder belongs to the mask <c>a/b/name</c> + mask
/// suffix below the masks folder. Both may be the same folder; a file then is what its longest suffix says.
/// </remarks>
public sealed record FolderOptions
{
    /// <summary>The defaults.</summary>
    public static FolderOptions Default { get; } = new();

    /// <summary>How names of photographs end, upper or lower case.</summary>
    /// <value>Default: .jpg, .jpeg and .png.</value>
    public IReadOnlyList<string> ImageSuffixes { get; init; } = [".jpg", ".jpeg", ".png"];

    /// <summary>How names of masks end, upper or lower case; for example <c>_mask.png</c>.</summary>
    /// <value>Default: .png.</value>
    public string MaskSuffix { get; init; } = ".png";

    /// <summary>Whether folders within the two are searched as well; a link that leads back to a folder around it is not followed.</summary>
    /// <value>Default: false.</value>
    public bool Recursive { get; init; }

    /// <summary>For masks painted in colours, the class id of each colour; null for masks that hold class ids.</summary>
    /// <value>Default: null, palette or grey masks.</value>
    public ColorMap? MaskColors { get; init; }

    /// <summary>How the pairs are checked.</summary>
    /// <value>Default: <see cref="DatasetOptions.Default"/>.</value>
    public DatasetOptions Dataset { get; init; } = DatasetOptions.Default;
}
