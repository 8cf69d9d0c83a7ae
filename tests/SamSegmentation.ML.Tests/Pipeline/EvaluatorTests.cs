using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline;
using Xunit;

namespace SamSegmentation.ML.Tests.Pipeline;

public sealed class EvaluatorTests
{
    private static readonly string[] s_names = ["background", "red", "green"];

    private readonly MLContext _context = new(seed: 1);

    // Two images: 2×2 and 1×3. Counted pairs (truth, prediction): (0,0) (0,1) (1,1) | (2,2) (2,0); one pixel each is void.
    private static VectorRow[] Vectors() =>
    [
        new() { Label = [0, 0, 1, 255], PredictedLabel = [0, 1, 1, 2] },
        new() { Label = [255, 2, 2], PredictedLabel = [0, 2, 0] },
    ];

    [Fact]
    public void Evaluate_Vectors_GivesTheMetricsComputedByHand()
    {
        var metrics = _context.Segmentation().Evaluate(_context.Data.LoadFromEnumerable(Vectors()), classNames: s_names);
        Assert.Equal(5, metrics.Pixels);
        Assert.Equal([1 / 3.0, 1 / 2.0, 1 / 2.0], metrics.PerClassIoU.Select(iou => iou!.Value));
        Assert.Equal((1 / 3.0 + 1) / 3, metrics.MeanIoU, 12);
        Assert.Equal(0.5, metrics.ForegroundMeanIoU, 12);
        Assert.Equal(3 / 5.0, metrics.PixelAccuracy, 12);
        Assert.Equal([1, 1, 0], metrics.ConfusionMatrix[0]);
        Assert.Equal(s_names, metrics.ClassNames);
    }

    [Fact]
    public void Evaluate_MasksAsImagesOfIdsAndColorsAndAsPaths_GivesTheSameMetrics()
    {
        using var folder = new TestFolder();
        var expected = _context.Segmentation().Evaluate(_context.Data.LoadFromEnumerable(Vectors()), classNames: s_names).ConfusionMatrix;
        LabelMap[] truth = [new(2, 2, [0, 0, 1, 255]), new(1, 3, [255, 2, 2])];
        LabelMap[] predicted = [new(2, 2, [0, 1, 1, 2]), new(1, 3, [0, 2, 0])];

        var ids = Zip(truth, predicted, (label, prediction) => new ImageRow { Label = GreyImage(label), PredictedLabel = GreyImage(prediction) });
        var colors = Zip(truth, predicted, (label, prediction) => new ImageRow { Label = ColorMap.Voc.Colorize(label).ToMLImage(), PredictedLabel = ColorMap.Voc.Colorize(prediction).ToMLImage() });
        var paths = Zip(truth, predicted, (label, prediction) => new PathRow { Label = Palette(label), PredictedLabel = Palette(prediction) });
        var mixed = Zip(truth, predicted, (label, prediction) => new MixedRow { Label = Palette(label), PredictedLabel = [.. prediction.Ids] });

        Assert.Equal(expected, Evaluate(ids));
        Assert.Equal(expected, Evaluate(colors, ColorMap.Voc));
        Assert.Equal(expected, Evaluate(paths));
        Assert.Equal(expected, Evaluate(paths, ColorMap.Voc));
        Assert.Equal(expected, Evaluate(mixed));

        IReadOnlyList<IReadOnlyList<long>> Evaluate<T>(T[] rows, ColorMap? labelColors = null)
            where T : class =>
            _context.Segmentation().Evaluate(_context.Data.LoadFromEnumerable(rows), classNames: s_names, labelColors: labelColors).ConfusionMatrix;

        string Palette(LabelMap map) => folder.Write($"{Guid.NewGuid():N}.png", LabelMapPng.EncodePalette(map, ColorMap.Voc));
    }

    [Fact]
    public void Evaluate_SizesThatDiffer_NamesColumnRowAndSizes()
    {
        VectorRow[] rows = [Vectors()[0], new() { Label = [0, 1], PredictedLabel = [0, 1, 2] }];
        var error = Assert.Throws<SegmentationDataException>(() => _context.Segmentation().Evaluate(_context.Data.LoadFromEnumerable(rows), classNames: s_names));
        Assert.Equal("Column 'Label', row 1: the label is 2 pixels, the prediction in column 'PredictedLabel' 3 pixels.", error.Message);
    }

    [Theory]
    [InlineData(3, 0, "Label", "truth id 3 at position 1 is outside 0..2")]
    [InlineData(0, 9, "PredictedLabel", "prediction id 9 at position 1 is outside 0..2")]
    public void Evaluate_IdThatIsNoClass_NamesColumnRowAndId(byte label, byte predicted, string column, string reason)
    {
        VectorRow[] rows = [Vectors()[0], new() { Label = [0, label], PredictedLabel = [0, predicted] }];
        var error = Assert.Throws<SegmentationDataException>(() => _context.Segmentation().Evaluate(_context.Data.LoadFromEnumerable(rows), classNames: s_names));
        Assert.Equal((column, 1), (error.Column, error.Row));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_ColoredImageWithoutColorMap_NamesThePixel()
    {
        ImageRow[] rows = [new() { Label = ColorMap.Voc.Colorize(new LabelMap(1, 2, [0, 1])).ToMLImage(), PredictedLabel = GreyImage(new LabelMap(1, 2)) }];
        var error = Assert.Throws<SegmentationDataException>(() => _context.Segmentation().Evaluate(_context.Data.LoadFromEnumerable(rows), classNames: s_names));
        Assert.Contains("pixel (x 1, y 0) is (128, 0, 0)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_NoRows_SaysSo()
    {
        var error = Assert.Throws<InvalidOperationException>(() => _context.Segmentation().Evaluate(_context.Data.LoadFromEnumerable(Array.Empty<VectorRow>()), classNames: s_names));
        Assert.Contains("no rows", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_MissingColumnOrWrongTypeOrNoNames_SaysWhich()
    {
        var data = _context.Data.LoadFromEnumerable(Vectors());
        var missing = Assert.Throws<ArgumentException>(() => _context.Segmentation().Evaluate(data, "Truth", classNames: s_names));
        Assert.Equal("There is no label column 'Truth'. The columns are: Label, PredictedLabel.", missing.Message);
        var wrong = Assert.Throws<ArgumentException>(() => _context.Segmentation().Evaluate(_context.Data.LoadFromEnumerable(new[] { new WrongRow() }), classNames: s_names));
        Assert.StartsWith("The label column 'Label' is ", wrong.Message, StringComparison.Ordinal);
        var unnamed = Assert.Throws<ArgumentException>(() => _context.Segmentation().Evaluate(data));
        Assert.Contains("'PredictedLabel'", unnamed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_ModelOfOtherClassesThanTheLabels_SaysWhich()
    {
        using var scenes = new SceneFolder(training: 1, validation: 0);
        using var model = TinyTransformer.Create(names: ["background", "green", "red"]);
        var scored = model.Transform(scenes.Load(_context));
        var error = Assert.Throws<ArgumentException>(() => _context.Segmentation().Evaluate(scored));
        Assert.StartsWith("Column 'PredictedLabel' has other classes than column 'Label': 3 and 3; class 1 is 'green' and 'red'.", error.Message, StringComparison.Ordinal);
        // Who names them says that the ids mean the same.
        Assert.Equal(s_names, _context.Segmentation().Evaluate(scored, classNames: s_names).ClassNames);
        using var fewer = TinyTransformer.Create(names: ["background", "red"]);
        Assert.Contains("class 2 is missing and 'green'", Assert.Throws<ArgumentException>(() => _context.Segmentation().Evaluate(fewer.Transform(scenes.Load(_context)))).Message, StringComparison.Ordinal);
    }

    private static TRow[] Zip<TRow>(LabelMap[] truth, LabelMap[] predicted, Func<LabelMap, LabelMap, TRow> row) => [.. truth.Zip(predicted, row)];

    private static MLImage GreyImage(LabelMap map) =>
        new RgbImage(map.Height, map.Width, [.. map.Ids.SelectMany(id => new[] { (byte)id, (byte)id, (byte)id })]).ToMLImage();

    private sealed class VectorRow
    {
        public byte[] Label { get; set; } = [];

        public byte[] PredictedLabel { get; set; } = [];
    }

    private sealed class ImageRow
    {
        public MLImage Label { get; set; } = null!;

        public MLImage PredictedLabel { get; set; } = null!;
    }

    private sealed class PathRow
    {
        public string Label { get; set; } = "";

        public string PredictedLabel { get; set; } = "";
    }

    private sealed class MixedRow
    {
        public string Label { get; set; } = "";

        public ushort[] PredictedLabel { get; set; } = [];
    }

    private sealed class WrongRow
    {
        public float[] Label { get; set; } = [];

        public byte[] PredictedLabel { get; set; } = [];
    }
}
