using Microsoft.Extensions.Options;

namespace SamSegmentation.ML.Pipeline;

/// <summary>
/// Checks <see cref="SamTrainerOptions"/> and lists all faults at once; generated from their attributes. A host registers
/// it as <see cref="IValidateOptions{TOptions}"/>.
/// </summary>
[OptionsValidator]
public sealed partial class SamTrainerOptionsValidator : IValidateOptions<SamTrainerOptions>
{
}
