using System.ComponentModel.DataAnnotations;
using SamSegmentation.ML.Prediction;

namespace SamSegmentation.ML.Hosting;

/// <summary>Wants sound <see cref="InferenceOptions"/>. As an attribute it can name the model in its message.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SoundInferenceAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var faults = value is InferenceOptions options ? options.FindFaults() : [];
        return faults.Count == 0
            ? ValidationResult.Success
            : new ValidationResult(string.Join(" ", faults.Select(fault => $"The field {validationContext.DisplayName}.{fault}")));
    }
}
