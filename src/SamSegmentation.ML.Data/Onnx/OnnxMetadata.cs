using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SamSegmentation.ML.Imaging;

namespace SamSegmentation.ML.Onnx;

/// <summary>
/// What an exported ONNX file says of itself, in its <c>metadata_props</c>: <c>samsegmentation.version</c> = 1;
/// <c>.form</c>, an <see cref="OnnxForm"/>; <c>.precision</c>, an <see cref="OnnxPrecision"/>; <c>.classes</c>, a JSON array
/// of names; <c>.palette</c>, a JSON array of a colour <c>#rrggbb</c> for each; <c>.preprocessing</c>, a JSON object with
/// <c>mode</c> (a <see cref="Imaging.Preprocessing"/>), <c>size</c> (the side S of the network's input in pixels), and, as
/// other programs want to know what the mode means, <c>mean</c> and <c>std</c> on 0 to 255, and in the complete form
/// <c>height</c> and <c>width</c> of the images; <c>.network</c>, the hash of the network's weights, by which an encoder and a
/// head belong together; <c>.sha256</c>, that of the serialised graph (field 7 of the file).
/// </summary>
public sealed record OnnxMetadata
{
    private const string Prefix = "samsegmentation.";
    private const string VersionKey = $"{Prefix}version";
    private const string FormKey = $"{Prefix}form";
    private const string PrecisionKey = $"{Prefix}precision";
    private const string ClassesKey = $"{Prefix}classes";
    private const string PaletteKey = $"{Prefix}palette";
    private const string PreprocessingKey = $"{Prefix}preprocessing";
    private const string NetworkKey = $"{Prefix}network";
    private const string GraphKey = $"{Prefix}sha256";
    private const string Version = "1";

    // Programs of a single file turn reflection off where nobody asks for it by name.
    private static readonly JsonSerializerOptions s_json = new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    /// <summary>Which part the file holds.</summary>
    public required OnnxForm Form { get; init; }

    /// <summary>How it stores weights.</summary>
    public required OnnxPrecision Precision { get; init; }

    /// <summary>The classes' names; a name's index is the class id.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>The classes' colours: as many as names.</summary>
    public required ColorMap Colors { get; init; }

    /// <summary>How images are brought to the network's size and scaled; <see cref="OnnxForm.Complete"/> does so itself.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>The side S of the network's square input in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Height of the images that <see cref="OnnxForm.Complete"/> takes, in pixels; null in other forms.</summary>
    public int? Height { get; init; }

    /// <summary>Width of the images that <see cref="OnnxForm.Complete"/> takes, in pixels; null in other forms.</summary>
    public int? Width { get; init; }

    /// <summary>SHA-256 over the network's weights, 64 hexadecimal digits: the same in every form of one network.</summary>
    public required string NetworkHash { get; init; }

    /// <summary>SHA-256 of the serialised graph, 64 hexadecimal digits; other programs that rewrite a file do not keep it.</summary>
    public required string GraphHash { get; init; }

    /// <summary>The metadata as keys and values.</summary>
    public IReadOnlyDictionary<string, string> Write()
    {
        var how = new JsonObject { ["mode"] = Preprocessing.ToString(), ["size"] = ImageSize };
        var (mean, deviation) = Preprocessing == Preprocessing.Sam
            ? (SamPreprocessor.Mean, SamPreprocessor.StandardDeviation)
            : ([0, 0, 0], [255, 255, 255]);
        how["mean"] = new JsonArray([.. mean.Select(value => JsonValue.Create(value))]);
        how["std"] = new JsonArray([.. deviation.Select(value => JsonValue.Create(value))]);
        if (Height is not null)
            (how["height"], how["width"]) = (Height, Width);
        return new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [VersionKey] = Version,
            [FormKey] = Form.ToString(),
            [PrecisionKey] = Precision.ToString(),
            [ClassesKey] = JsonSerializer.Serialize(ClassNames, s_json),
            [PaletteKey] = JsonSerializer.Serialize(Enumerable.Range(0, ClassNames.Count).Select(id => Hex(Colors[id])).ToArray(), s_json),
            [PreprocessingKey] = how.ToJsonString(s_json),
            [NetworkKey] = NetworkHash,
            [GraphKey] = GraphHash,
        };
    }

    /// <summary>Reads a file's metadata.</summary>
    /// <param name="metadata">Its <c>metadata_props</c>.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="InvalidDataException">It is not a file of this library, of another version, or an entry is missing or cannot be read.</exception>
    public static OnnxMetadata Read(IReadOnlyDictionary<string, string> metadata, string path)
    {
        if (!metadata.TryGetValue(VersionKey, out var version))
            throw Error(VersionKey, "it is missing: the file was not exported by this library");
        if (version != Version)
            throw Error(VersionKey, $"the file was exported as version '{version}'; this library reads version {Version}");
        var form = Choice<OnnxForm>(FormKey, Required(FormKey));
        var how = Parse<JsonObject>(PreprocessingKey);
        var names = Texts(ClassesKey);
        var colors = Texts(PaletteKey);
        if (names.Length == 0 || colors.Length != names.Length)
            throw Error(PaletteKey, $"it has {colors.Length} colours for {names.Length} classes");
        return new OnnxMetadata
        {
            Form = form,
            Precision = Choice<OnnxPrecision>(PrecisionKey, Required(PrecisionKey)),
            ClassNames = names,
            Colors = new ColorMap(colors.Select(Color)),
            Preprocessing = Choice<Preprocessing>(PreprocessingKey, how["mode"]?.ToString() ?? ""),
            ImageSize = Size("size"),
            Height = form == OnnxForm.Complete ? Size("height") : null,
            Width = form == OnnxForm.Complete ? Size("width") : null,
            NetworkHash = Required(NetworkKey),
            GraphHash = Required(GraphKey),
        };

        string Required(string key) => metadata.TryGetValue(key, out var value) ? value : throw Error(key, "it is missing");

        T Choice<T>(string key, string text)
            where T : struct, Enum =>
            Enum.GetNames<T>().Contains(text) ? Enum.Parse<T>(text) : throw Error(key, $"found '{text}'; expected {string.Join(" or ", Enum.GetNames<T>())}");

        int Size(string property) => how[property] is JsonValue value && value.TryGetValue<int>(out var size) && size > 0
            ? size
            : throw Error(PreprocessingKey, $"'{property}' is {how[property]?.ToJsonString(s_json) ?? "missing"}; expected a number of pixels");

        string[] Texts(string key) => [.. Parse<string?[]>(key).Select(text => text ?? throw Error(key, "an entry is null"))];

        (byte, byte, byte) Color(string text) => text.Length == 7 && text[0] == '#'
            && int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb)
            ? ((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb)
            : throw Error(PaletteKey, $"found '{text}'; expected #rrggbb");

        T Parse<T>(string key)
            where T : class
        {
            try
            {
                return JsonSerializer.Deserialize<T>(Required(key), s_json) ?? throw Error(key, "it is null");
            }
            catch (JsonException error)
            {
                throw Error(key, error.Message, error);
            }
        }

        InvalidDataException Error(string key, string reason, Exception? inner = null) => new($"'{path}', metadata '{key}': {reason}.", inner);
    }

    private static string Hex((byte R, byte G, byte B) color) => $"#{color.R:x2}{color.G:x2}{color.B:x2}";
}
