using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline;
using Xunit;

namespace SamSegmentation.ML.Tests.Pipeline;

/// <summary>What needs no network is an assembly of its own, SamSegmentation.ML.Data.</summary>
public sealed class AssemblySplitTests : IDisposable
{
    // Saved when all was one assembly: DrawMask("Mask", "Label", "Height", "Width") with three colours (10·i, 255 − i, 7).
    private const string OldDrawing = """
        UEsDBBQAAAAIAKJMeV3+q4NVLwAAAC8AAAAYAAAAVHJhaW5pbmdJbmZvL1ZlcnNpb24udHh0BcHBDQAgCASwv6uYGPAUYRxE2H8EWxo8qE9FpEclDrJQbMtN
        ysT0rgj4k61ve/tQSwMEFAAAAAgAokx5Xd2X1JWxAAAAnQEAABoAAABUcmFuc2Zvcm1lckNoYWluL01vZGVsLmtlea2QsQrCMBCGv+pQcBZnBwe7+AoiRFBI
        EOzQOWKoxbaiFnwSR9/NF9FI7Onq4p87vvvvSAJnNGal5rpDRMgQQUkLEvFD8UvxY/HpzKDWsyyiPamttN24Up3spahzfukq792ER+Ho583/yHvvA8O3HaD7
        ndyn79rHvWfcf8Q9aQ+En4V8FqGxbHCULHAU5OxoyCjY0rDDYDmzJ8VSkeLIqXDUNFgaCg7UTDBo9FytDNq8AFBLAwQUAAAACACiTHldyaRyZ2cAAACXAQAA
        BgAAAFNjaGVtYXP29WFwCXNiYGNgBEMYDUIg0A+lYYCFYXgBVp/EpNQc9jCn0rS01CI+FqfKklSY3xkYwSGBDNg8UjPTM0pYPfNKjI2wyLOGZ6aUZOCUZvFL
        zE3lCEmtKAkuSMzDooDBKcyFwcfXGQBQSwECFAMUAAAACACiTHld/quDVS8AAAAvAAAAGAAAAAAAAAAAAAAApIEAAAAAVHJhaW5pbmdJbmZvL1ZlcnNpb24u
        dHh0UEsBAhQDFAAAAAgAokx5Xd2X1JWxAAAAnQEAABoAAAAAAAAAAAAAAKSBZQAAAFRyYW5zZm9ybWVyQ2hhaW4vTW9kZWwua2V5UEsBAhQDFAAAAAgAokx5
        XcmkcmdnAAAAlwEAAAYAAAAAAAAAAAAAAKSBTgEAAFNjaGVtYVBLBQYAAAAAAwADAMIAAADZAQAAAAA=
        """;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void DataAssembly_AllItRefersTo_IsWithoutTorchSharp()
    {
        var data = typeof(SegmentationCatalog).Assembly;
        Assert.Equal("SamSegmentation.ML.Data", data.GetName().Name);
        Assert.DoesNotContain("TorchSharp", References(data));
        Assert.Contains("TorchSharp", References(typeof(SamSemanticSegmentationTrainer).Assembly));

        static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);
    }

    [Fact]
    public void Load_DrawingSavedBeforeTheSplit_Draws()
    {
        var path = _folder.PathOf("old.zip");
        File.WriteAllBytes(path, Convert.FromBase64String(OldDrawing));
        var context = new MLContext();
        var loaded = context.Model.Load(path, out _);
        AssertDraws(context, loaded);

        // A context that knows the old name learns the new one beside it.
        var again = _folder.PathOf("new.zip");
        context.Model.Save(loaded, null, again);
        AssertDraws(context, context.Model.Load(again, out _));
    }

    private static void AssertDraws(MLContext context, ITransformer drawing)
    {
        var data = context.Data.LoadFromEnumerable([new Row { Label = [0, 1, 2, 1], Height = 2, Width = 2 }]);
        var image = Assert.Single(Rows.Values<MLImage>(drawing.Transform(data), "Mask"));
        Assert.Equal<byte>([0, 255, 7, 10, 254, 7, 20, 253, 7, 10, 254, 7], RgbImage.FromMLImage(image).Pixels);
    }

    private sealed class Row
    {
        public byte[] Label { get; set; } = [];

        public int Height { get; set; }

        public int Width { get; set; }
    }
}
