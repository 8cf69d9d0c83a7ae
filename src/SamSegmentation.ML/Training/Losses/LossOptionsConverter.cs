using System.ComponentModel;
using System.Globalization;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>Lets configuration bind a formula to <see cref="LossOptions"/>.</summary>
internal sealed class LossOptionsConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string formula ? LossOptions.Parse(formula) : base.ConvertFrom(context, culture, value);
}
