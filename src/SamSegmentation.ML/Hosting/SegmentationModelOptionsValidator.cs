using Microsoft.Extensions.Options;

namespace SamSegmentation.ML.Hosting;

/// <summary>Checks <see cref="SegmentationModelOptions"/> and lists all faults at once; generated from their attributes.</summary>
[OptionsValidator]
public sealed partial class SegmentationModelOptionsValidator : IValidateOptions<SegmentationModelOptions>
{
}
