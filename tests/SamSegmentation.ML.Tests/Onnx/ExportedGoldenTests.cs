using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Onnx;
using SamSegmentation.ML.Tests.Golden;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Onnx;

/// <summary>ONNX Runtime gives the reference's numbers of every golden case, the full-size one included.</summary>
public sealed class ExportedGoldenTests : IDisposable
{
    private readonly TestFolder _folder = new();

    // A full-size network runs for seconds: once is enough.
    public static IEnumerable<ITheoryDataRow> Cases() => Rows((isFullSize, precision) => !isFullSize || precision == OnnxPrecision.Float32);

    public static IEnumerable<ITheoryDataRow> SmallCases() => Rows((isFullSize, _) => !isFullSize);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Run_GoldenCase_GivesTheReferencesLogitsAndClasses(string name, OnnxPrecision precision)
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(GoldenRuns.PathOf(name));
        var file = _folder.PathOf("network.onnx");
        using (var network = NetworkOutputs.HashMade(golden))
            OnnxExporter.Export(network, Exported.InfoOf(network, Preprocessing.Stretch), file, new OnnxExportOptions { Form = OnnxForm.Network, Precision = precision });
        using var session = new OnnxSession(file);
        var images = golden.Images().to(ScalarType.Float32) / 255;
        var shape = Array.ConvertAll(session.Outputs[OnnxNames.Logits].Dimensions, side => (long)side);

        var logits = cat([.. Enumerable.Range(0, golden.Batch).Select(i => tensor(session.Run<float>(Exported.Values(images.narrow(0, i, 1)), OnnxNames.Logits), shape))], 0);

        Exported.AreClose(golden.Expected("logits"), Exported.Values(golden.Sample("logits", logits)), Exported.Tolerance(precision), name);
        if (!golden.Has("class_id"))
            return;
        var equal = NetworkOutputs.Upsample(golden, logits).argmax(1).eq(golden.Expected("class_id").to(ScalarType.Int64)).to(ScalarType.Float64).mean().item<double>();
        Assert.True(equal >= Exported.EqualShare(precision), $"{name}: {equal:P2} of the pixels are equal; {Exported.EqualShare(precision):P1} must be.");
    }

    [Theory]
    [MemberData(nameof(SmallCases), DisableDiscoveryEnumeration = true)]
    public void Run_GoldenCaseNormalised_GivesTheReferencesEmbedding(string name, OnnxPrecision precision)
    {
        using var scope = NewDisposeScope();
        using var golden = new GoldenCase(GoldenRuns.PathOf(name));
        using var network = NetworkOutputs.HashMade(golden);
        var images = golden.Images();
        var preprocessor = new SamPreprocessor(golden.Config.ImageSize, Preprocessing.Sam);
        using var session = new OnnxSession(Exported.Bytes(network, new OnnxExportOptions { Form = OnnxForm.Encoder, Precision = precision }));
        for (var i = 0; i < golden.Batch; i++)
        {
            var pixels = images[i].permute(1, 2, 0).contiguous().data<byte>().ToArray();
            var input = preprocessor.ToTensor([preprocessor.Prepare(new RgbImage(golden.Config.ImageSize, golden.Config.ImageSize, pixels))]);
            Exported.AreClose(
                golden.Expected("embedding.meta").narrow(0, i, 1), session.Run<float>(Exported.Values(input), OnnxNames.Embedding), Exported.Tolerance(precision), name);
        }
    }

    private static IEnumerable<ITheoryDataRow> Rows(Func<bool, OnnxPrecision, bool> isWanted)
    {
        if (GoldenRuns.Cases.Count == 0)
            yield return new TheoryDataRow<string, OnnxPrecision>("none", OnnxPrecision.Float32) { Skip = GoldenRuns.ReasonForNone };
        foreach (var name in GoldenRuns.Cases)
        {
            using var golden = new GoldenCase(GoldenRuns.PathOf(name));
            foreach (var precision in Enum.GetValues<OnnxPrecision>().Where(precision => isWanted(golden.IsSampled, precision)))
                yield return new TheoryDataRow<string, OnnxPrecision>(name, precision);
        }
    }
}
