using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Pipeline.Saving;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Pipeline;

public sealed class ModelFileTests : IDisposable
{
    private readonly SceneFolder _scenes = new(training: 3, validation: 0);
    private readonly MLContext _context = new(seed: 1);

    public void Dispose() => _scenes.Dispose();

    private string Zip => _scenes.PathOf("model.zip");

    [Fact]
    public void Load_ChainBetweenStockTransforms_PredictsTheSame()
    {
        var data = _scenes.Load(_context);
        using var model = TinyTransformer.Create(image: "Photo");
        var drawing = new LabelDrawingTransformer(new()
        {
            ImageColumnName = "Photo",
            LabelColumnName = "PredictedLabel",
            HeightColumnName = "PredictedHeight",
            WidthColumnName = "PredictedWidth",
            OutputColumnName = "Drawing",
            Opacity = 0.75,
            Colors = new ColorMap([(1, 2, 3), (4, 5, 6), (7, 8, 9)]),
        });
        var first = _context.Transforms.LoadImages("Photo", "", "ImagePath").Fit(data);
        var last = _context.Transforms.CopyColumns("Result", "PredictedLabel").Fit(model.Transform(first.Transform(data)));
        var chain = new TransformerChain<ITransformer>(first, model, drawing, last);
        _context.Model.Save(chain, data.Schema, Zip);

        var loaded = new MLContext().Model.Load(Zip, out _);
        using var disposable = loaded as IDisposable;
        Assert.Equal(Rows.Vectors<byte>(chain.Transform(data), "Result"), Rows.Vectors<byte>(loaded.Transform(data), "Result"));
        Assert.Equal(
            Rows.Values<MLImage>(chain.Transform(data), "Drawing").Select(image => RgbImage.FromMLImage(image).Pixels),
            Rows.Values<MLImage>(loaded.Transform(data), "Drawing").Select(image => RgbImage.FromMLImage(image).Pixels));
    }

    [Fact]
    public void EncoderPrecision_OfALoadedModel_IsFloat32UntilItIsSet()
    {
        var data = _scenes.Load(_context);
        using var model = TinyTransformer.Create(SegmentationOutputs.Score);
        model.EncoderPrecision = EncoderPrecision.BFloat16;
        var narrow = Rows.Vectors<float>(model.Transform(data), "Score");
        _context.Model.Save(model, data.Schema, Zip);

        using var loaded = (SamSemanticSegmentationTransformer)new MLContext().Model.Load(Zip, out _);

        Assert.Equal(EncoderPrecision.Float32, loaded.EncoderPrecision);
        Assert.NotEqual(narrow, Rows.Vectors<float>(loaded.Transform(data), "Score"));
        using var sharing = loaded.WithInference(InferenceOptions.Default);
        sharing.EncoderPrecision = EncoderPrecision.BFloat16;
        Assert.Equal(EncoderPrecision.BFloat16, loaded.EncoderPrecision);
        Assert.Equal(narrow, Rows.Vectors<float>(loaded.Transform(data), "Score"));
        Assert.Throws<InvalidOperationException>(() => loaded.EncoderPrecision = EncoderPrecision.Float16);
        Assert.Throws<ArgumentOutOfRangeException>(() => loaded.EncoderPrecision = (EncoderPrecision)7);
        Assert.Equal(EncoderPrecision.BFloat16, loaded.EncoderPrecision);
        loaded.Dispose();
        Assert.Throws<ObjectDisposedException>(() => loaded.EncoderPrecision = EncoderPrecision.Float32);
    }

    [Fact]
    public void Load_ModelWithoutEncoder_TakesTheCheckpointOfItsHashAlone()
    {
        var (checkpoint, model) = WithoutEncoder();
        using var _ = model;
        var data = _scenes.Load(_context);
        _context.Model.Save(model, data.Schema, Zip);
        Assert.InRange(new FileInfo(Zip).Length, 1, new FileInfo(checkpoint).Length * 3 / 4);
        using (var found = (SamSemanticSegmentationTransformer)new MLContext().Model.Load(Zip, out var _))
            Assert.Equal(Rows.Vectors<byte>(model.Transform(data), "PredictedLabel"), Rows.Vectors<byte>(found.Transform(data), "PredictedLabel"));

        var moved = _scenes.PathOf("elsewhere/sam.safetensors");
        File.Move(checkpoint, moved);
        var missing = Assert.ThrowsAny<Exception>(() => new MLContext().Model.Load(Zip, out var _));
        Assert.Contains(Messages(missing), text => text.Contains("UseEncoderCheckpoint", StringComparison.Ordinal) && text.Contains(checkpoint, StringComparison.Ordinal));

        var told = new MLContext();
        told.Segmentation().UseEncoderCheckpoint(moved);
        using (var found = (SamSemanticSegmentationTransformer)told.Model.Load(Zip, out var _))
            Assert.Equal(Rows.Vectors<byte>(model.Transform(data), "PredictedLabel"), Rows.Vectors<byte>(found.Transform(data), "PredictedLabel"));

        File.WriteAllBytes(checkpoint, [.. File.ReadAllBytes(moved)[..^1], 0x7F]);
        var changed = Assert.ThrowsAny<Exception>(() => new MLContext().Model.Load(Zip, out var _));
        Assert.Contains(Messages(changed), text => text.Contains("SHA-256", StringComparison.Ordinal) && text.Contains($"'{checkpoint}' is ", StringComparison.Ordinal));
    }

    [Fact]
    public void UseEncoderCheckpoint_FileThatIsNotThere_SaysSo() =>
        Assert.Throws<FileNotFoundException>(() => _context.Segmentation().UseEncoderCheckpoint(_scenes.PathOf("none.pth")));

    [Theory]
    [InlineData("Weights", 0, "Corrupt model file: the stream 'Weights'")]
    [InlineData("Weights", 4000, "Corrupt model file: the stream 'Weights'")]
    [InlineData("Model.key", 40, "")]
    public void Load_DamagedModelFile_SaysSo(string entry, int length, string message)
    {
        Save();
        Rewrite(entry, bytes => bytes[..length]);
        var error = Assert.ThrowsAny<Exception>(() => new MLContext().Model.Load(Zip, out _));
        Assert.Contains(Messages(error), text => text.Contains(message, StringComparison.Ordinal));
        Assert.Contains(Chain(error), e => e is FormatException or EndOfStreamException);
    }

    [Fact]
    public void Load_NewerVersion_SaysSo()
    {
        Save();
        Rewrite("Model.key", bytes => WithVersion(bytes, 0x00020001));
        var error = Assert.ThrowsAny<Exception>(() => new MLContext().Model.Load(Zip, out _));
        Assert.Contains(Chain(error), e => e is FormatException && e.Message.Contains("version", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    public void Load_AnyBatchSize_IsTheOneThatWasAskedForOrTheDevices(int? asked, int saved)
    {
        using (var model = TinyTransformer.Create(batchSize: asked))
            _context.Model.Save(model, _scenes.Load(_context).Schema, Zip);

        using var loaded = (SamSemanticSegmentationTransformer)_context.Model.Load(Zip, out var _);

        Assert.Equal((asked ?? SegmentationPredictor.DefaultBatchSize(ModelFiles.DeviceOf(_context)), saved), (loaded.BatchSize, loaded.SavedBatchSize));
        Assert.Equal(loaded.SavedBatchSize, loaded.WithInference(new() { Flip = true }).SavedBatchSize);
    }

    [Fact]
    public void Load_FirstVersion_HasNoInferenceOptionsAndPredictsInOnePass()
    {
        var data = _scenes.Load(_context);
        using var several = TinyTransformer.Create(inference: new InferenceOptions { Flip = true });
        using var one = TinyTransformer.Create();
        _context.Model.Save(several, data.Schema, Zip);
        using (var current = (SamSemanticSegmentationTransformer)new MLContext().Model.Load(Zip, out _))
            Assert.True(current.Inference.Flip);
        Rewrite("Model.key", AsFirstVersion);

        using var loaded = (SamSemanticSegmentationTransformer)new MLContext().Model.Load(Zip, out _);

        Assert.Equal(InferenceOptions.Default, loaded.Inference);
        Assert.Equal(Rows.Vectors<byte>(one.Transform(data), "PredictedLabel"), Rows.Vectors<byte>(loaded.Transform(data), "PredictedLabel"));
    }

    [Fact]
    public void Load_WeightsAreMissing_SaysSo()
    {
        Save();
        using (var archive = ZipFile.Open(Zip, ZipArchiveMode.Update))
            archive.Entries.Single(entry => entry.Name == "Weights").Delete();
        var error = Assert.ThrowsAny<Exception>(() => new MLContext().Model.Load(Zip, out _));
        Assert.Contains(Messages(error), text => text.Contains("stream 'Weights'", StringComparison.Ordinal) && text.Contains("is missing", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_AfterwardsAndAfterFailure_NothingIsLeftInTheTemporaryFolder()
    {
        Save();
        var temporary = Directory.CreateDirectory(_scenes.PathOf("temporary/x")).Parent!.FullName;
        Directory.Delete(Path.Combine(temporary, "x"));
        (new MLContext { TempFilePath = temporary }.Model.Load(Zip, out _) as IDisposable)?.Dispose();
        Rewrite("Weights", bytes => bytes[..1000]);
        Assert.ThrowsAny<Exception>(() => new MLContext { TempFilePath = temporary }.Model.Load(Zip, out _));
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary));
    }

    [Fact]
    public void Load_GpuThatIsNotThere_FallsBackOrFails()
    {
        Assert.SkipWhen(cuda.is_available(), "This machine has a GPU.");
        Save();
        var strict = new MLContext { GpuDeviceId = 0, FallbackToCpu = false };
        Assert.Contains(Messages(Assert.ThrowsAny<Exception>(() => strict.Model.Load(Zip, out _))), text => text.Contains("GpuDeviceId is 0", StringComparison.Ordinal));
        var lenient = new MLContext { GpuDeviceId = 0, FallbackToCpu = true };
        var log = new List<string>();
        lenient.Log += (_, e) => log.Add(e.Message);
        (lenient.Model.Load(Zip, out _) as IDisposable)?.Dispose();
        Assert.Contains(log, text => text.Contains("Kind=Warning", StringComparison.Ordinal) && text.Contains("Running on the CPU", StringComparison.Ordinal));
    }

    private void Save()
    {
        using var model = TinyTransformer.Create();
        _context.Model.Save(model, _scenes.Load(_context).Schema, Zip);
    }

    private (string Checkpoint, SamSemanticSegmentationTransformer Model) WithoutEncoder()
    {
        var path = _scenes.PathOf("sam.safetensors");
        var info = new SavedModelInfo { Config = TinyNetwork.Config, ClassNames = SceneFolder.Classes.Names, Preprocessing = nameof(Preprocessing.Sam) };
        var network = TinyNetwork.Create();
        SamCheckpoint.SaveModel(network, path, info);
        using var checkpoint = Checkpoint.Open(path);
        return (path, new SamSemanticSegmentationTransformer(
            new SegmentationModel(network, info), new SegmentationColumns(), CPU, 1, new EncoderFile(path, checkpoint.Sha256()), InferenceOptions.Default));
    }

    // The header: the model's signature, then the version that wrote it and the oldest that can read it.
    private static byte[] WithVersion(byte[] bytes, int version)
    {
        var at = bytes.AsSpan().IndexOf("SAM\0SSEG"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(at + 8), version);
        BitConverter.TryWriteBytes(bytes.AsSpan(at + 12), version);
        return bytes;
    }

    // Without the inference options, which end the component: window, overlap, flip and no scale. Places of what follows are in the header.
    private static byte[] AsFirstVersion(byte[] bytes)
    {
        const int Cut = sizeof(int) + sizeof(double) + sizeof(byte) + sizeof(int);
        var (start, size) = (BitConverter.ToInt64(bytes, 0x10), BitConverter.ToInt64(bytes, 0x18));
        var end = (int)(start + size);
        byte[] first = [.. WithVersion(bytes, 0x00010001)[..(end - Cut)], .. bytes[end..]];
        foreach (var place in new[] { 0x18, 0x20, 0x30, 0x80, 0x88, 0x90 })
            BitConverter.TryWriteBytes(first.AsSpan(place), BitConverter.ToInt64(first, place) - Cut);
        return first;
    }

    private void Rewrite(string name, Func<byte[], byte[]> change)
    {
        using var archive = ZipFile.Open(Zip, ZipArchiveMode.Update);
        var entry = archive.Entries.Single(entry => entry.Name == name);
        byte[] content;
        using (var stream = entry.Open())
        using (var copy = new MemoryStream())
        {
            stream.CopyTo(copy);
            content = copy.ToArray();
        }
        var path = entry.FullName;
        entry.Delete();
        using var target = archive.CreateEntry(path).Open();
        target.Write(change(content));
    }

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (var e = error; e is not null; e = e.InnerException)
            yield return e;
    }

    private static IEnumerable<string> Messages(Exception error) => Chain(error).Select(e => e.Message);
}
