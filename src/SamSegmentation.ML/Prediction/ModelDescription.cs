using System.Text.Json;
using System.Text.Json.Serialization;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;

namespace SamSegmentation.ML.Prediction;

/// <summary>
/// What a file of weights must say of itself so that predictions can be made with it alone: it stands as JSON in the
/// metadata of the safetensors files that training writes.
/// </summary>
public sealed record ModelDescription
{
    private const string Field = "sam_segmentation";

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The network's dimensions.</summary>
    public required SamConfig Config { get; init; }

    /// <summary>The classes' names by id.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>The id of pixels that do not count.</summary>
    /// <value>The default is 255.</value>
    public int VoidId { get; init; } = 255;

    /// <summary>How the network was trained to see images.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>Whether the file holds the image encoder too; without it, it completes a checkpoint that does.</summary>
    public required bool HoldsEncoder { get; init; }

    /// <summary>The encoder's <see cref="Embeddings.EncoderIdentity"/>.</summary>
    public required string EncoderHash { get; init; }

    /// <summary>The text fields in which the description travels.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata() =>
        new Dictionary<string, string> { [Field] = JsonSerializer.Serialize(this, s_json) };

    /// <summary>Reads a description back.</summary>
    /// <param name="metadata">A file's text fields.</param>
    /// <returns>Null when the file has no description: it was not written by training.</returns>
    /// <exception cref="InvalidDataException">There is a description that cannot be read.</exception>
    public static ModelDescription? FromMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (!metadata.TryGetValue(Field, out var json))
            return null;
        try
        {
            var description = JsonSerializer.Deserialize<ModelDescription>(json, s_json)
                ?? throw new InvalidDataException($"The field '{Field}' is null.");
            var faults = description.Config.FindFaults();
            if (faults.Count > 0 || description.ClassNames.Count == 0)
                throw new InvalidDataException($"The field '{Field}' describes no network: {string.Join(' ', [.. faults, $"{description.ClassNames.Count} classes."])}");
            return description;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The field '{Field}' cannot be read: {e.Message}", e);
        }
    }
}
