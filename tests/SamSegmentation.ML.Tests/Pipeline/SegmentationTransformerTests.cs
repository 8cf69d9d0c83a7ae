using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Prediction;
using Xunit;

namespace SamSegmentation.ML.Tests.Pipeline;

/// <summary>What every segmentation transformer does, whatever runs its network; expected is always what the library's own predictor says.</summary>
public abstract partial class SegmentationTransformerTests : IDisposable
{
    private readonly SceneFolder _scenes = new(training: 3, validation: 2);
    private readonly MLContext _context = new(seed: 1);

    /// <summary>How far probabilities may be from the predictor's.</summary>
    protected abstract float ScoreTolerance { get; }

    public void Dispose()
    {
        _scenes.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A transformer of the tiny network.</summary>
    protected abstract SegmentationTransformer Create(
        SegmentationOutputs outputs = SegmentationOutputs.None, int batchSize = 2, string image = "Image", IReadOnlyList<string>? names = null,
        InferenceOptions? inference = null);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Transform_AnyBatchSize_GivesThePredictorsResults(int batchSize)
    {
        using var model = Create(SegmentationOutputs.All, batchSize);
        var rows = _context.Data.CreateEnumerable<Prediction>(model.Transform(_scenes.Load(_context)), reuseRowObject: false).ToList();
        Assert.Equal(_scenes.Ids, rows.Select(row => row.Id));
        for (var i = 0; i < rows.Count; i++)
            CheckPrediction(rows[i], i);
    }

    [Fact]
    public void Transform_AllColumns_PassesTheInputOn()
    {
        using var model = Create(batchSize: 3);
        var input = _scenes.Load(_context);
        var output = model.Transform(input);
        Assert.Equal([.. input.Schema.Select(column => column.Name), "PredictedLabel", "PredictedHeight", "PredictedWidth"], output.Schema.Select(column => column.Name));
        using var cursor = output.GetRowCursor(output.Schema);
        var getLabel = cursor.GetGetter<VBuffer<byte>>(output.Schema["Label"]);
        var getImage = cursor.GetGetter<MLImage>(output.Schema["Image"]);
        var getPredicted = cursor.GetGetter<VBuffer<byte>>(output.Schema["PredictedLabel"]);
        var getId = cursor.GetIdGetter();
        VBuffer<byte> label = default, predicted = default;
        MLImage image = null!;
        DataViewRowId id = default;
        for (var i = 0; i < _scenes.Ids.Count; i++)
        {
            Assert.True(cursor.MoveNext());
            Assert.Equal(i, cursor.Position);
            getLabel(ref label);
            getImage(ref image);
            getPredicted(ref predicted);
            getId(ref id);
            Assert.Equal(LabelMapPng.Load(_scenes.MaskPath(i)).Ids, label.DenseValues().Select(value => (ushort)value));
            Assert.Equal(RgbImage.Load(_scenes.ImagePath(i)).Pixels, RgbImage.FromMLImage(image).Pixels);
            Assert.Equal(TinyTransformer.Expect(_scenes.ImagePath(i)).Labels.Ids, predicted.DenseValues().Select(value => (ushort)value));
            Assert.Equal(new DataViewRowId((ulong)i, 0), id);
        }
        Assert.False(cursor.MoveNext());
        Assert.Equal(-1, cursor.Position);
    }

    [Fact]
    public void Transform_PathColumn_ReadsTheFiles()
    {
        using var model = Create(image: "ImagePath");
        var labels = Rows.Vectors<byte>(model.Transform(_scenes.Load(_context)), "PredictedLabel");
        Assert.Equal(TinyTransformer.Expect(_scenes.ImagePath(4)).Labels.Ids, labels[4].Select(id => (ushort)id));
    }

    [Fact]
    public void Transform_StockImageLoader_WorksInFrontOfIt()
    {
        using var model = Create();
        var paths = _scenes.Ids.Select(id => new PathRow { File = $"{id}.jpg" });
        var loaded = _context.Transforms.LoadImages("Image", _scenes.PathOf("JPEGImages"), "File")
            .Fit(_context.Data.LoadFromEnumerable(paths)).Transform(_context.Data.LoadFromEnumerable(paths));
        var output = model.Transform(loaded);
        using var cursor = output.GetRowCursor([output.Schema["Image"], output.Schema["PredictedLabel"]]);
        var getImage = cursor.GetGetter<MLImage>(output.Schema["Image"]);
        var getPredicted = cursor.GetGetter<VBuffer<byte>>(output.Schema["PredictedLabel"]);
        MLImage image = null!;
        VBuffer<byte> predicted = default;
        for (var i = 0; cursor.MoveNext(); i++)
        {
            getImage(ref image);
            getPredicted(ref predicted);
            // The image is this row's, and alive, although the reading thread is ahead.
            Assert.Equal(RgbImage.Load(_scenes.ImagePath(i)).Pixels, RgbImage.FromMLImage(image).Pixels);
            Assert.Equal(TinyTransformer.Expect(_scenes.ImagePath(i)).Labels.Ids, predicted.DenseValues().Select(id => (ushort)id));
        }
    }

    [Fact]
    public void Transform_Annotations_CarryTheClassesNames()
    {
        using var model = Create(SegmentationOutputs.Score);
        var output = model.Transform(_scenes.Load(_context));
        Assert.Equal(SceneFolder.Classes.Names, Rows.Annotation(output, "PredictedLabel"));
        Assert.Equal(SceneFolder.Classes.Names, Rows.Annotation(output, "Score", "TrainingLabelValues"));
    }

    [Fact]
    public void Transform_MoreThan255Classes_PredictsIdsOf16Bits()
    {
        using var model = Create(SegmentationOutputs.MaskImage, names: [.. Enumerable.Range(0, 300).Select(id => $"class {id}")]);
        var output = model.Transform(_scenes.Load(_context));
        var labels = Rows.Vectors<ushort>(output, "PredictedLabel");
        Assert.Equal(TinyTransformer.Expect(_scenes.ImagePath(0), 300).Labels.Ids, labels[0]);
        Assert.Equal(ColorMap.CreateVoc(300).Colorize(new LabelMap(40, 56, labels[0])).Pixels, RgbImage.FromMLImage(Rows.Values<MLImage>(output, "PredictedMaskImage")[0]).Pixels);
    }

    [Fact]
    public void Transform_NobodyReadsPredictions_LeavesImagesAlone()
    {
        using var model = Create();
        var output = model.Transform(_scenes.Load(_context));
        File.Delete(_scenes.ImagePath(0));
        Assert.Equal(_scenes.Ids, Rows.Texts(output, "Id"));
        using var cursor = output.GetRowCursor([output.Schema["PredictedLabel"]]);
        while (cursor.MoveNext())
        {
            // Asked for, but not read.
        }
    }

    [Fact]
    public void Transform_CorruptImage_FailsInItsRowAlone()
    {
        using var model = Create(batchSize: 3);
        var output = model.Transform(_scenes.Load(_context));
        File.WriteAllBytes(_scenes.ImagePath(1), [1, 2, 3]);
        using var cursor = output.GetRowCursor([output.Schema["PredictedLabel"]]);
        var get = cursor.GetGetter<VBuffer<byte>>(output.Schema["PredictedLabel"]);
        VBuffer<byte> value = default;
        for (var i = 0; cursor.MoveNext(); i++)
        {
            if (i == 1)
            {
                var error = Assert.Throws<SegmentationDataException>(() => get(ref value));
                Assert.Equal(("Image", 1), (error.Column, error.Row));
                Assert.Contains(_scenes.ImagePath(1), error.Message, StringComparison.Ordinal);
            }
            else
            {
                get(ref value);
                Assert.Equal(TinyTransformer.Expect(_scenes.ImagePath(i)).Labels.Ids, value.DenseValues().Select(id => (ushort)id));
            }
        }
    }

    [Fact]
    public void Transform_SeveralCursorsOnSeveralThreads_GiveIdenticalResults()
    {
        using var model = Create(SegmentationOutputs.Score);
        var output = model.Transform(_scenes.Load(_context));
        var expected = Rows.Vectors<float>(output, "Score");
        var results = new List<float[]>[4];
        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = results.Length }, i => results[i] = Rows.Vectors<float>(output, "Score"));
        Assert.All(results, result => Assert.Equal(expected, result));
    }

    [Fact]
    public void Transform_Shuffled_GivesEachRowItsPrediction()
    {
        using var model = Create();
        var output = model.Transform(_scenes.Load(_context));
        Assert.True(output.CanShuffle);
        var ids = Rows.Texts(output, "Id", new Random(2));
        var labels = Rows.Vectors<byte>(output, "PredictedLabel", new Random(2));
        Assert.NotEqual(_scenes.Ids, ids);
        Assert.Equal(TinyTransformer.Expect(_scenes.PathOf($"JPEGImages/{ids[0]}.jpg")).Labels.Ids, labels[0].Select(id => (ushort)id));
    }

    [Fact]
    public void Transform_MissingOrWrongImageColumn_SaysWhich()
    {
        using var missing = Create(image: "Photo");
        var error = Assert.Throws<ArgumentException>(() => missing.Transform(_scenes.Load(_context)));
        Assert.StartsWith("There is no image column 'Photo'. The columns are: Id, Image,", error.Message, StringComparison.Ordinal);
        using var wrong = Create(image: "Height");
        error = Assert.Throws<ArgumentException>(() => wrong.GetOutputSchema(_scenes.Load(_context).Schema));
        Assert.Equal("The image column 'Height' is Int32; expected an image (MLImage) or the path of its file (text).", error.Message);
    }

    [Fact]
    public void Dispose_WhateverComesAfter_SaysSo()
    {
        var data = _scenes.Load(_context);
        var model = Create();
        var output = model.Transform(data);
        using var cursor = output.GetRowCursor([output.Schema["PredictedLabel"]]);
        Assert.True(cursor.MoveNext());
        model.Dispose();
        model.Dispose();
        VBuffer<byte> value = default;
        Assert.Throws<ObjectDisposedException>(() => cursor.GetGetter<VBuffer<byte>>(output.Schema["PredictedLabel"])(ref value));
        Assert.Throws<ObjectDisposedException>(() => model.Transform(data));
        Assert.Throws<ObjectDisposedException>(() => model.GetRowToRowMapper(data.Schema));
        Assert.Throws<ObjectDisposedException>(() => _context.Model.Save(model, data.Schema, Path.Combine(_scenes.Root, "disposed.zip")));
    }

    [Fact]
    public void GetRow_AnotherSchema_IsRefused()
    {
        using var model = Create();
        var data = _scenes.Load(_context);
        var mapper = model.GetRowToRowMapper(data.Schema);
        var other = _scenes.Load(_context);
        using var cursor = other.GetRowCursor(other.Schema);
        Assert.Throws<ArgumentException>(() => mapper.GetRow(cursor, mapper.OutputSchema));
    }

    private void CheckPrediction(Prediction row, int index)
    {
        var photo = RgbImage.Load(_scenes.ImagePath(index));
        var expected = TinyTransformer.Expect(_scenes.ImagePath(index));
        Assert.Equal((photo.Height, photo.Width), (row.PredictedHeight, row.PredictedWidth));
        Assert.Equal(expected.Labels.Ids, row.PredictedLabel.Select(id => (ushort)id));
        Assert.Equal(expected.Probabilities!.Length, row.Score.Length);
        for (var i = 0; i < row.Score.Length; i++)
            Assert.Equal(expected.Probabilities[i], row.Score[i], ScoreTolerance);
        Assert.Equal(ColorMap.Voc.Colorize(expected.Labels).Pixels, RgbImage.FromMLImage(row.PredictedMaskImage).Pixels);
        Assert.Equal(Overlay.Blend(photo, expected.Labels, ColorMap.Voc).Pixels, RgbImage.FromMLImage(row.PredictedOverlay).Pixels);
    }

    private sealed class PathRow
    {
        public string File { get; set; } = "";
    }

    private sealed class Prediction
    {
        public string Id { get; set; } = "";

        public byte[] PredictedLabel { get; set; } = [];

        public int PredictedHeight { get; set; }

        public int PredictedWidth { get; set; }

        public float[] Score { get; set; } = [];

        public MLImage PredictedMaskImage { get; set; } = null!;

        public MLImage PredictedOverlay { get; set; } = null!;
    }
}
