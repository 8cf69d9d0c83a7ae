using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Modeling.Heads;

namespace SamSegmentation.ML.Checkpoints;

/// <summary>
/// A <see cref="SavedModelInfo"/> in a safetensors file's metadata:
/// <c>samsegmentation.version</c> = 1; <c>.config</c>, a JSON object with every property of <see cref="SamConfig"/>;
/// <c>.head</c>, the same of <see cref="HeadConfig"/>, left out for the default one, so that readers who know of no heads
/// still read it; <c>.classes</c>, a JSON array of names; <c>.preprocessing</c>; <c>.adapters</c>, a JSON object with every
/// property of <see cref="AdapterOptions"/>, <c>.parts</c>, a JSON array of names' beginnings, and <c>.encoder_hash</c>
/// where they apply. Other keys are the info's notes.
/// </summary>
internal static class SavedModelMetadata
{
    private const string Prefix = "samsegmentation.";
    private const string VersionKey = $"{Prefix}version";
    private const string ConfigKey = $"{Prefix}config";
    private const string HeadKey = $"{Prefix}head";
    private const string ClassesKey = $"{Prefix}classes";
    private const string PreprocessingKey = $"{Prefix}preprocessing";
    private const string AdaptersKey = $"{Prefix}adapters";
    private const string PartsKey = $"{Prefix}parts";
    private const string EncoderHashKey = $"{Prefix}encoder_hash";
    private const string Version = "1";

    private static readonly JsonSerializerOptions Json = new()
    {
        // Programs of a single file turn reflection off where nobody asks for it by name.
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        IgnoreReadOnlyProperties = true,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    public static bool IsIn(Checkpoint checkpoint) => checkpoint.Metadata.ContainsKey(VersionKey);

    public static Dictionary<string, string> Write(SavedModelInfo info)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in info.Notes)
        {
            if (key.StartsWith(Prefix, StringComparison.Ordinal))
                throw new ArgumentException($"The note '{key}' begins with '{Prefix}', which is kept for the model's own entries.", nameof(info));
            metadata.Add(key, value);
        }
        metadata.Add(VersionKey, Version);
        metadata.Add(ConfigKey, JsonSerializer.Serialize(info.Config, Json));
        if (!info.Head.Equals(HeadConfig.Default))
            metadata.Add(HeadKey, JsonSerializer.Serialize(info.Head, Json));
        metadata.Add(ClassesKey, JsonSerializer.Serialize(info.ClassNames, Json));
        metadata.Add(PreprocessingKey, info.Preprocessing);
        if (info.Adapters is not null)
            metadata.Add(AdaptersKey, JsonSerializer.Serialize(info.Adapters, Json));
        if (info.Parts is not null)
            metadata.Add(PartsKey, JsonSerializer.Serialize(info.Parts, Json));
        if (info.EncoderHash is not null)
            metadata.Add(EncoderHashKey, info.EncoderHash);
        return metadata;
    }

    public static SavedModelInfo Read(Checkpoint checkpoint)
    {
        if (Required(checkpoint, VersionKey) is var version && version != Version)
            throw Error(checkpoint, VersionKey, $"the model was saved as version '{version}'; this library reads version {Version}.");
        var config = ReadConfig(checkpoint);
        return new SavedModelInfo
        {
            Config = config,
            Head = ReadHead(checkpoint, config),
            ClassNames = ReadTexts(checkpoint, ClassesKey, "a class"),
            Preprocessing = Required(checkpoint, PreprocessingKey),
            Adapters = checkpoint.Metadata.ContainsKey(AdaptersKey) ? ReadAdapters(checkpoint, config) : null,
            Parts = checkpoint.Metadata.ContainsKey(PartsKey) ? ReadTexts(checkpoint, PartsKey, "a part") : null,
            EncoderHash = checkpoint.Metadata.GetValueOrDefault(EncoderHashKey),
            Notes = checkpoint.Metadata
                .Where(pair => !pair.Key.StartsWith(Prefix, StringComparison.Ordinal))
                .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
        };
    }

    private static SamConfig ReadConfig(Checkpoint checkpoint)
    {
        var config = Parse<SamConfig>(checkpoint, ConfigKey);
        var faults = config.FindFaults();
        if (faults.Count > 0)
            throw Error(checkpoint, ConfigKey, string.Join(" ", faults));
        CheckComplete(checkpoint, ConfigKey, config);
        return config;
    }

    private static AdapterOptions ReadAdapters(Checkpoint checkpoint, SamConfig config)
    {
        var adapters = Parse<AdapterOptions>(checkpoint, AdaptersKey);
        CheckComplete(checkpoint, AdaptersKey, adapters);
        var faults = adapters.FindFaults(config);
        if (faults.Count > 0)
            throw Error(checkpoint, AdaptersKey, string.Join(" ", faults.Select(fault => $"{fault.Option} {fault.Reason}")));
        if (adapters != adapters.Resolve())
            throw Error(checkpoint, AdaptersKey, $"{adapters.Kind} needs its numbers, but {adapters} is stated.");
        // A network is made by what is stated here, so it must be what the file holds, block by block.
        for (var block = adapters.FirstBlock; block < config.EncoderDepth; block++)
        {
            MustBe(adapters.LoraRank, $"adapters.{block}.lora_qkv.a.weight");
            MustBe(adapters.BottleneckWidth, $"adapters.{block}.adaptformer.down.weight");
        }
        return adapters;

        void MustBe(int? rows, string name)
        {
            if (rows is null)
                return;
            var shape = checkpoint.Entries.TryGetValue(name, out var entry) ? $"[{string.Join(", ", entry.Shape)}]" : "missing";
            if (shape != $"[{rows}, {config.EncoderDim}]")
                throw Error(checkpoint, AdaptersKey, $"{name} must be [{rows}, {config.EncoderDim}] by it; it is {shape}.");
        }
    }

    private static HeadConfig ReadHead(Checkpoint checkpoint, SamConfig config)
    {
        if (!checkpoint.Metadata.ContainsKey(HeadKey))
            return HeadConfig.Default;
        var head = Parse<HeadConfig>(checkpoint, HeadKey);
        var faults = head.FindFaults(config);
        if (faults.Count > 0)
            throw Error(checkpoint, HeadKey, string.Join(" ", faults));
        CheckComplete(checkpoint, HeadKey, head);
        return head;
    }

    // A property that is left out would take its default in silence.
    private static void CheckComplete<T>(Checkpoint checkpoint, string key, T value)
    {
        var stated = Parse<Dictionary<string, JsonElement>>(checkpoint, key);
        var missing = JsonSerializer.SerializeToElement(value, Json).EnumerateObject().FirstOrDefault(property => !stated.ContainsKey(property.Name));
        if (missing.Value.ValueKind != JsonValueKind.Undefined)
            throw Error(checkpoint, key, $"{missing.Name} is missing.");
    }

    private static string[] ReadTexts(Checkpoint checkpoint, string key, string what)
    {
        var names = Parse<string?[]>(checkpoint, key);
        return [.. names.Select(name => name ?? throw Error(checkpoint, key, $"{what} has no name."))];
    }

    private static string Required(Checkpoint checkpoint, string key) =>
        checkpoint.Metadata.TryGetValue(key, out var value) ? value : throw Error(checkpoint, key, "it is missing.");

    private static T Parse<T>(Checkpoint checkpoint, string key)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Required(checkpoint, key), Json) ?? throw Error(checkpoint, key, "it is null.");
        }
        catch (JsonException error)
        {
            throw Error(checkpoint, key, error.Message, error);
        }
    }

    private static CheckpointFormatException Error(Checkpoint checkpoint, string key, string reason, Exception? inner = null) =>
        new(checkpoint.Path, $"metadata '{key}'", reason, inner);
}
