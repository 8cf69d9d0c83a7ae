using System.ComponentModel.DataAnnotations;
using SamSegmentation.ML.Training;

namespace SamSegmentation.ML.Hosting;

/// <summary>Wants a text that <see cref="DeviceName"/> understands. As an attribute it can name the model in its message.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DeviceNameAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var text = value as string;
        // An empty one is what [Required] reports.
        return string.IsNullOrEmpty(text) || DeviceName.IsValid(text)
            ? ValidationResult.Success
            : new ValidationResult($"The field {validationContext.DisplayName} must be auto, cpu, cuda or cuda:N; found '{text}'.");
    }
}
