using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Datasets;

/// <summary>A decoded photograph with its decoded mask.</summary>
/// <param name="Id">Its name in the dataset.</param>
/// <param name="Image">The photograph.</param>
/// <param name="Label">The class ids, at the photograph's own size.</param>
public sealed record LabeledImage(string Id, RgbImage Image, LabelMap Label);
