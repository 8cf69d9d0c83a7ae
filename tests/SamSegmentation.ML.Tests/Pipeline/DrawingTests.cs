using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline;
using Xunit;

namespace SamSegmentation.ML.Tests.Pipeline;

public sealed class DrawingTests : IDisposable
{
    private readonly SceneFolder _scenes = new(training: 2, validation: 0);
    private readonly MLContext _context = new(seed: 1);

    public void Dispose() => _scenes.Dispose();

    [Fact]
    public void DrawMask_LabelVector_PaintsTheClasses()
    {
        var data = _scenes.Load(_context);
        var estimator = _context.Segmentation().Transforms.DrawMask("Mask", "Label", "Height", "Width");
        var drawn = Rows.Values<MLImage>(estimator.Fit(data).Transform(data), "Mask");
        for (var i = 0; i < 2; i++)
            Assert.Equal(ColorMap.Voc.Colorize(LabelMapPng.Load(_scenes.MaskPath(i))).Pixels, RgbImage.FromMLImage(drawn[i]).Pixels);
    }

    [Fact]
    public void DrawOverlay_PathsAndOwnColors_DrawsOverThePhotograph()
    {
        var data = _scenes.Load(_context);
        ColorMap colors = new([.. Enumerable.Range(0, 256).Select(i => ((byte)i, (byte)(255 - i), (byte)7))]);
        var estimator = _context.Segmentation().Transforms.DrawOverlay("Drawing", "ImagePath", "LabelPath", opacity: 0.25, colors: colors);
        var drawn = Rows.Values<MLImage>(estimator.Fit(data).Transform(data), "Drawing");
        var expected = Overlay.Blend(RgbImage.Load(_scenes.ImagePath(1)), LabelMapPng.Load(_scenes.MaskPath(1)), colors, 0.25);
        Assert.Equal(expected.Pixels, RgbImage.FromMLImage(drawn[1]).Pixels);
    }

    [Fact]
    public void DrawMask_BehindTheNetwork_EqualsTheNetworksOwnDrawing()
    {
        using var model = TinyTransformer.Create(SegmentationOutputs.All);
        var scored = model.Transform(_scenes.Load(_context));
        var transforms = _context.Segmentation().Transforms;
        var drawn = transforms.DrawMask("Mask").Append(transforms.DrawOverlay("Drawing")).Fit(scored).Transform(scored);
        foreach (var (ours, networks) in new[] { ("Mask", "PredictedMaskImage"), ("Drawing", "PredictedOverlay") })
        {
            var expected = Rows.Values<MLImage>(drawn, networks);
            var actual = Rows.Values<MLImage>(drawn, ours);
            Assert.Equal(expected.Select(image => RgbImage.FromMLImage(image).Pixels), actual.Select(image => RgbImage.FromMLImage(image).Pixels));
        }
    }

    [Fact]
    public void DrawMask_SizeThatIsNotTheVectors_NamesColumnRowAndSizes()
    {
        var data = _context.Data.LoadFromEnumerable(new[] { new Row { Label = [0, 1, 2], Height = 2, Width = 2 } });
        var estimator = _context.Segmentation().Transforms.DrawMask("Mask", "Label", "Height", "Width");
        var error = Assert.Throws<SegmentationDataException>(() => Rows.Values<MLImage>(estimator.Fit(data).Transform(data), "Mask"));
        Assert.Equal("Column 'Label', row 0: the label is 3 pixels; the size is 2×2.", error.Message);
    }

    [Fact]
    public void Fit_MissingOrWrongColumn_SaysWhich()
    {
        var data = _scenes.Load(_context);
        var transforms = _context.Segmentation().Transforms;
        Assert.Contains("no label column 'PredictedLabel'", Assert.Throws<ArgumentException>(() => transforms.DrawMask().Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("The height column 'Id' is String", Assert.Throws<ArgumentException>(() => transforms.DrawMask("Mask", "Label", "Id", "Width").Fit(data)).Message, StringComparison.Ordinal);
        // A chain looks at the shape of the schema before it fits.
        var chain = _context.Transforms.CopyColumns("Copy", "Label").Append(transforms.DrawMask("Mask", "Copy", "Height", "Breadth"));
        Assert.Contains("no width column 'Breadth'", Assert.Throws<ArgumentException>(() => chain.Fit(data)).Message, StringComparison.Ordinal);
        chain = _context.Transforms.CopyColumns("Copy", "Height").Append(transforms.DrawMask("Mask", "Copy"));
        Assert.Contains("The label column 'Copy' is Int32", Assert.Throws<ArgumentException>(() => chain.Fit(data)).Message, StringComparison.Ordinal);
    }

    private sealed class Row
    {
        public byte[] Label { get; set; } = [];

        public int Height { get; set; }

        public int Width { get; set; }
    }
}
