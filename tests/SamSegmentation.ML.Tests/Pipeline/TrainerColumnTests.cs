using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline;
using Xunit;

namespace SamSegmentation.ML.Tests.Pipeline;

/// <summary>What columns the trainer takes and gives, and what it says of those that it cannot take.</summary>
// Alone: new networks are drawn from the process's generator, which the seed sets.
[Collection(LiveTensors.Alone)]
public sealed class TrainerColumnTests : IDisposable
{
    private readonly SceneFolder _scenes = new(training: 6, validation: 2);
    private readonly MLContext _context = new(seed: 1);

    private static SamTrainerOptions Options => QuickTraining.Options;

    public void Dispose() => _scenes.Dispose();

    [Fact]
    public void Fit_LabelsOfEveryKind_GiveTheSameModel()
    {
        var data = _scenes.Load(_context);
        var colored = _context.Segmentation().Transforms.DrawMask("Colored", "Label", "Height", "Width").Fit(data).Transform(data);
        var names = SceneFolder.Classes.Names;
        var expected = FirstLoss(data, Options);
        Assert.Equal(expected, FirstLoss(data, Options with { ImageColumnName = "ImagePath" }));
        Assert.Equal(expected, FirstLoss(data, Options with { LabelColumnName = "LabelPath", ClassNames = names }));
        Assert.Equal(expected, FirstLoss(data, Options with { LabelColumnName = "LabelPath", ClassNames = names, LabelColors = ColorMap.Voc }));
        Assert.Equal(expected, FirstLoss(colored, Options with { LabelColumnName = "Colored", ClassNames = names, LabelColors = ColorMap.Voc }));
    }

    [Fact]
    public void Fit_ColumnNamesAndOutputs_AreTheModels()
    {
        var options = Options with
        {
            PredictedLabelColumnName = "P",
            PredictedHeightColumnName = "H",
            PredictedWidthColumnName = "W",
            ScoreColumnName = "S",
            PredictedMaskImageColumnName = "M",
            PredictedOverlayColumnName = "O",
            Outputs = SegmentationOutputs.All,
            PredictionBatchSize = 4,
            Preprocessing = Preprocessing.Stretch,
        };
        using var model = _context.Segmentation().Trainers.Sam(options).Fit(_scenes.Load(_context));
        Assert.Equal(["P", "H", "W", "S", "M", "O"], model.GetOutputSchema(_scenes.Load(_context).Schema).Skip(7).Select(column => column.Name));
        Assert.Equal((4, Preprocessing.Stretch), (model.BatchSize, model.Preprocessing));
    }

    [Fact]
    public void Fit_WithinAChain_Works()
    {
        var data = _scenes.Load(_context);
        var chain = _context.Transforms.CopyColumns("Photo", "Image")
            .Append(_context.Segmentation().Trainers.Sam(Options with { ImageColumnName = "Photo" }))
            .Append(_context.Segmentation().Transforms.DrawMask())
            .Append(_context.Transforms.CopyColumns("Result", "PredictedLabel"));
        using var model = chain.Fit(data);
        var output = model.Transform(data);
        Assert.Equal(Rows.Vectors<byte>(output, "PredictedLabel"), Rows.Vectors<byte>(output, "Result"));
        Assert.Equal(SceneFolder.Classes.Names, Rows.Annotation(output, "Result"));
    }

    [Fact]
    public void Fit_BadInput_NamesColumnRowAndCause()
    {
        var trainer = _context.Segmentation().Trainers.Sam(Options);
        var data = _scenes.Load(_context);

        Assert.Contains("no label column 'Truth'", Assert.Throws<ArgumentException>(() => _context.Segmentation().Trainers.Sam(Options with { LabelColumnName = "Truth" }).Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("image column 'Height' is Int32", Assert.Throws<ArgumentException>(() => _context.Segmentation().Trainers.Sam(Options with { ImageColumnName = "Height" }).Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("ClassNames", Assert.Throws<ArgumentException>(() => _context.Segmentation().Trainers.Sam(Options with { LabelColumnName = "LabelPath" }).Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("no image column 'Image'", Assert.Throws<ArgumentException>(() => _context.Segmentation().Trainers.Sam(Options with { ValidationSet = View(new Row()) }).Fit(data)).Message, StringComparison.Ordinal);

        var named = _context.Segmentation().Trainers.Sam(Options with { ImageColumnName = "File", ClassNames = SceneFolder.Classes.Names });
        Assert.Contains("The training set is empty", Assert.Throws<InvalidOperationException>(() => named.Fit(View())).Message, StringComparison.Ordinal);
        Row good = new() { File = _scenes.ImagePath(0), Label = [.. LabelMapPng.Load(_scenes.MaskPath(0)).Ids.Select(id => (byte)id)] };
        var size = Assert.Throws<SegmentationDataException>(() => named.Fit(View(good, new Row { File = _scenes.ImagePath(1), Label = [1, 2, 3] })));
        Assert.Equal("Column 'Label', row 1: the label is 3 pixels, its image in column 'File' 55×41 (2255 pixels).", size.Message);
        byte[] outside = [.. good.Label];
        outside[57] = 7;
        var id = Assert.Throws<SegmentationDataException>(() => named.Fit(View(good, good, new Row { File = good.File, Label = outside })));
        Assert.Equal("Column 'Label', row 2: pixel (x 1, y 1) has id 7; expected 0 to 2, or 255 for void.", id.Message);
        var missing = Assert.Throws<SegmentationDataException>(() => named.Fit(View(new Row { File = "nowhere.png", Label = [0] })));
        Assert.StartsWith("Column 'File', row 0: ", missing.Message, StringComparison.Ordinal);
        Assert.NotNull(trainer);
    }

    [Fact]
    public void GetOutputSchema_Shape_HasTheModelsColumns()
    {
        var data = _scenes.Load(_context);
        var chain = _context.Transforms.CopyColumns("Copy", "Label").Append(_context.Segmentation().Trainers.Sam(Options with { Outputs = SegmentationOutputs.All }));
        var shape = chain.GetOutputSchema(chain.GetOutputSchema(ShapeOf(data)));
        Assert.Equal(
            [("PredictedLabel", "VariableVector"), ("PredictedHeight", "Scalar"), ("PredictedWidth", "Scalar"), ("Score", "VariableVector"), ("PredictedMaskImage", "Scalar"), ("PredictedOverlay", "Scalar")],
            shape.Skip(8).Select(column => (column.Name, column.Kind.ToString())));
        Assert.Equal(NumberDataViewType.Byte, shape.Single(column => column.Name == "PredictedLabel").ItemType);
        Assert.Equal("KeyValues", Assert.Single(shape.Single(column => column.Name == "PredictedLabel").Annotations).Name);
    }

    private double FirstLoss(IDataView data, SamTrainerOptions options)
    {
        var loss = double.NaN;
        _context.Segmentation().Trainers.Sam(options with { Epochs = 1, MetricsCallback = epoch => loss = epoch.TrainingLoss }).Fit(data).Dispose();
        return loss;
    }

    // The shape of a data view that an estimator is given; ML.NET makes it in a chain's Fit and keeps the maker to itself.
    private SchemaShape ShapeOf(IDataView data)
    {
        var recorder = new ShapeRecorder();
        new EstimatorChain<ITransformer>().Append(recorder).Fit(data);
        return recorder.Shape!;
    }

    private IDataView View(params Row[] rows) => _context.Data.LoadFromEnumerable(rows);

    private sealed class Row
    {
        public string File { get; set; } = "";

        public byte[] Label { get; set; } = [];
    }

    private sealed class ShapeRecorder : IEstimator<ITransformer>
    {
        public SchemaShape? Shape { get; private set; }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shape = inputSchema;

        public ITransformer Fit(IDataView input) => new MLContext().Transforms.CopyColumns("Copy", input.Schema[0].Name).Fit(input);
    }
}
