using System.Text.Json;
using System.Text.Json.Serialization;

namespace SamSegmentation.ML.Training.Losses;

/// <summary>Writes <see cref="LossOptions"/> as their formula.</summary>
internal sealed class LossOptionsJsonConverter : JsonConverter<LossOptions>
{
    public override LossOptions Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return LossOptions.Parse(reader.GetString() ?? "");
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, LossOptions value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
