using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Prediction.Passes;

namespace SamSegmentation.ML.Prediction;

/// <summary>An image, and how the network will look at it.</summary>
/// <param name="Image">The image.</param>
/// <param name="Plan">The passes that it takes.</param>
/// <param name="Prepared">Its one pass, resized already; null when there are several, which are cut out of it in their turn.</param>
internal sealed record ImageInput(RgbImage Image, InferencePlan Plan, PreparedImage? Prepared);
