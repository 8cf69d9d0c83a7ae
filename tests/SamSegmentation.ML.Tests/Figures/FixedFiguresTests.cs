using System.Globalization;
using SamSegmentation.Bench.Subjects;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Figures;

/// <summary>
/// What the networks cost, by no clock: figures.txt holds operations, parameters and bytes, and changes only with what is
/// computed or stored.
/// </summary>
public sealed class FixedFiguresTests : IDisposable
{
    private const int Classes = 21;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Figures_OfAllNetworks_AreTheStoredOnes()
    {
        string[] lines =
        [
            .. Operations("vit_b", SamConfig.VitB), .. Operations("vit_l", SamConfig.VitL), .. Operations("vit_h", SamConfig.VitH),
            .. Decoder("vit_b", SamConfig.VitB), .. Network(), .. CacheEntries("vit_b", SamConfig.VitB),
        ];

        Assert.True(StoredFigures.All("figures.txt").SequenceEqual(lines), $"figures.txt holds other figures; found:\n{string.Join('\n', lines)}");
    }

    private static IEnumerable<string> Operations(string name, SamConfig config)
    {
        yield return Line($"{name}: encoder, operations", NetworkOperations.Encoder(config));
        yield return Line($"{name}: semantic decoder of {Classes} classes, operations", NetworkOperations.Decoder(config, Classes));
    }

    private static IEnumerable<string> Decoder(string name, SamConfig config)
    {
        using var decoder = new MaskDecoder(config, Classes);
        yield return Line($"{name}: mask decoder of {Classes} classes, tensors", decoder.parameters().Count());
        yield return Line($"{name}: mask decoder of {Classes} classes, bytes", decoder.parameters().Sum(parameter => parameter.numel() * sizeof(float)));
    }

    private IEnumerable<string> Network()
    {
        using var model = TinyNetwork.Create(Classes);
        var state = model.state_dict();
        yield return Line("tiny: network, tensors", state.Count);
        yield return Line("tiny: network, bytes", state.Values.Sum(tensor => tensor.numel() * sizeof(float)));
        var path = Path.Combine(_folder.Root, "model.safetensors");
        SafetensorsFile.Write(path, state.OrderBy(pair => pair.Key, StringComparer.Ordinal), new Dictionary<string, string>());
        yield return Line("tiny: file of weights, bytes", new FileInfo(path).Length);
    }

    private IEnumerable<string> CacheEntries(string name, SamConfig config)
    {
        using var scope = NewDisposeScope();
        var cache = new TensorCache(_folder.Root);
        long[] shape = [config.EmbeddingChannels, config.GridSize, config.GridSize];
        foreach (var dtype in new[] { ScalarType.Float16, ScalarType.Float32 })
        {
            using var builder = new CacheKeyBuilder("figure");
            var key = builder.Add("dtype", dtype.ToString()).Build();
            cache.Write(key, zeros(shape, dtype: dtype));
            yield return Line($"{name}: cached embedding as {dtype}, bytes on disk", new FileInfo(cache.PathOf(key)).Length);
        }
    }

    private static string Line(string name, double value) => $"{name}: {value.ToString("F0", CultureInfo.InvariantCulture)}";
}
