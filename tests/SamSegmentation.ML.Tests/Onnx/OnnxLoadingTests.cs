using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Onnx;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Tests.Pipeline;
using SamSegmentation.Stack.Tests.OnnxRuntime;
using Xunit;

namespace SamSegmentation.ML.Tests.Onnx;

public sealed class OnnxLoadingTests : IDisposable
{
    private readonly SceneFolder _scenes = new(training: 2, validation: 0);
    private readonly MLContext _context = new(seed: 1);

    private static IReadOnlyList<string> Names => SceneFolder.Classes.Names;

    private SegmentationCatalog Catalog => _context.Segmentation();

    public void Dispose() => _scenes.Dispose();

    [Fact]
    public void LoadOnnx_File_SaysWhatItIs()
    {
        using var model = Catalog.LoadOnnx(Write(TinyOnnx.Network(Names)), new OnnxSegmentationOptions { ClassNames = Names });
        Assert.Equal(Names, model.ClassNames);
        Assert.Equal((OnnxForm.Network, 64, Preprocessing.Sam), (model.Metadata.Form, model.Metadata.ImageSize, model.Preprocessing));
        Assert.Equal((1, new SegmentationColumns()), (model.BatchSize, model.ColumnNames));
    }

    [Fact]
    public void LoadOnnx_CompleteForm_SegmentsImagesOfItsSizeAlone()
    {
        var path = Write(TinyOnnx.Export(Names, new OnnxExportOptions { Height = 40, Width = 56, Probabilities = true }));
        using var model = Catalog.LoadOnnx(path, new OnnxSegmentationOptions { Columns = new SegmentationColumns { Outputs = SegmentationOutputs.All }, BatchSize = 2 });
        var scored = model.Transform(_scenes.Load(_context));
        using var cursor = scored.GetRowCursor(scored.Schema);
        var (getLabel, getScore) = (cursor.GetGetter<VBuffer<byte>>(scored.Schema["PredictedLabel"]), cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]));
        VBuffer<byte> label = default;
        VBuffer<float> score = default;
        // The first scene is of 56×40.
        Assert.True(cursor.MoveNext());
        getLabel(ref label);
        getScore(ref score);
        var expected = TinyTransformer.Expect(_scenes.ImagePath(0));
        Assert.Equal(expected.Labels.Ids, label.DenseValues().Select(id => (ushort)id));
        Assert.Equal(expected.Probabilities!.Length, score.Length);
        Assert.All(expected.Probabilities.Zip(score.DenseValues()), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));

        Assert.True(cursor.MoveNext());
        var error = Assert.Throws<InvalidOperationException>(() => getLabel(ref label));
        Assert.Equal($"The image has 55×41 pixels; '{path}' takes images of 56×40 alone. Resize them, or export the form Network, which takes any size.", error.Message);
    }

    [Fact]
    public void LoadOnnx_CompleteFormWithoutProbabilitiesOrWithPasses_ListsBothFaults()
    {
        var path = Write(TinyOnnx.Export(Names, new OnnxExportOptions { Height = 40, Width = 56 }));
        var options = new OnnxSegmentationOptions { Columns = new SegmentationColumns { Outputs = SegmentationOutputs.Score }, Inference = new InferenceOptions { Flip = true } };
        var error = Assert.Throws<ArgumentException>(() => Catalog.LoadOnnx(path, options));
        Assert.Contains($"SegmentationOutputs.Score: '{path}' gives class ids alone", error.Message, StringComparison.Ordinal);
        Assert.Contains("Inference: ", error.Message, StringComparison.Ordinal);
        using var model = Catalog.LoadOnnx(path);
        Assert.Contains("there is nothing to average", Assert.Throws<ArgumentException>(() => model.WithInference(options.Inference)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OnnxForm.Encoder)]
    [InlineData(OnnxForm.Head)]
    public void LoadOnnx_PartOfANetwork_SaysWhichFormsCanBeRun(OnnxForm form)
    {
        var path = Write(TinyOnnx.Export(Names, new OnnxExportOptions { Form = form }));
        Assert.Equal(
            $"'{path}' holds the {form} alone; expected a file of the form Network, for images of any size, or Complete, for those of one.",
            Assert.Throws<InvalidDataException>(() => Catalog.LoadOnnx(path)).Message);
    }

    [Fact]
    public void LoadOnnx_FileOfAnotherProgram_SaysSo()
    {
        var path = Write(TinyModel.Bytes);
        Assert.Contains("was not exported by this library", Assert.Throws<InvalidDataException>(() => Catalog.LoadOnnx(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(20_000)]
    public void LoadOnnx_FileThatIsCutOff_SaysSo(int length)
    {
        var path = Write(TinyOnnx.Network(Names)[..length]);
        Assert.StartsWith($"'{path}'", Assert.Throws<InvalidDataException>(() => Catalog.LoadOnnx(path)).Message, StringComparison.Ordinal);
        // Nothing holds the file any more.
        File.WriteAllBytes(path, TinyOnnx.Network(Names));
        Catalog.LoadOnnx(path).Dispose();
    }

    [Fact]
    public void LoadOnnx_NoFile_SaysWhere() =>
        Assert.Contains(_scenes.PathOf("none.onnx"), Assert.Throws<FileNotFoundException>(() => Catalog.LoadOnnx(_scenes.PathOf("none.onnx"))).Message, StringComparison.Ordinal);

    [Fact]
    public void LoadOnnx_OtherClassesThanThePipelines_SaysWhich()
    {
        var path = Write(TinyOnnx.Network(Names));
        var error = Assert.Throws<ArgumentException>(() => Catalog.LoadOnnx(path, new OnnxSegmentationOptions { ClassNames = ["background", "green", "red", "blue"] }));
        Assert.Contains($"ClassNames: '{path}' has 3 classes; expected 4.", error.Message, StringComparison.Ordinal);
        Assert.Contains($"ClassNames: class 1 of '{path}' is 'red'; expected 'green'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadOnnx_FaultyOptions_ListsThem()
    {
        var options = new OnnxSegmentationOptions
        {
            BatchSize = 0,
            ThreadCount = 0,
            Inference = new InferenceOptions { Overlap = 2 },
            Columns = new SegmentationColumns { Score = "PredictedLabel", Image = " " },
        };
        var message = Assert.Throws<ArgumentException>(() => Catalog.LoadOnnx(Write([]), options)).Message;
        string[] expected = ["BatchSize: is 0", "ThreadCount: is 0", "Inference.Overlap: is 2", "2 outputs have the name 'PredictedLabel'", "name is blank"];
        Assert.All(expected, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void LoadOnnx_ContextThatWantsAGpu_WarnsOrRefuses()
    {
        var path = Write(TinyOnnx.Network(Names));
        var strict = new MLContext { GpuDeviceId = 0, FallbackToCpu = false };
        Assert.Contains("GpuDeviceId is 0", Assert.Throws<InvalidOperationException>(() => strict.Segmentation().LoadOnnx(path)).Message, StringComparison.Ordinal);
        var lenient = new MLContext { GpuDeviceId = 0, FallbackToCpu = true };
        var log = new List<string>();
        lenient.Log += (_, e) => log.Add(e.Message);
        lenient.Segmentation().LoadOnnx(path).Dispose();
        Assert.Contains(log, text => text.Contains("Kind=Warning", StringComparison.Ordinal) && text.Contains("Running on the CPU", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(20_000)]
    public void Load_ModelFileWhoseGraphIsCutOff_SaysSoAndLeavesNoFile(int length)
    {
        var zip = Save();
        using (var archive = ZipFile.Open(zip, ZipArchiveMode.Update))
        {
            var entry = archive.Entries.Single(entry => entry.Name == "Graph");
            var name = entry.FullName;
            entry.Delete();
            using var target = archive.CreateEntry(name).Open();
            target.Write(TinyOnnx.Network(Names).AsSpan(0, length));
        }
        var temporary = Directory.CreateDirectory(_scenes.PathOf("temporary")).FullName;
        var error = Assert.ThrowsAny<Exception>(() => new MLContext { TempFilePath = temporary }.Model.Load(zip, out _));
        Assert.Contains(Chain(error), e => e is FormatException && e.Message.StartsWith("Corrupt model file: the stream 'Graph'", StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary));
    }

    [Fact]
    public void Dispose_ModelFromAModelFile_RemovesItsTemporaryFile()
    {
        var zip = Save();
        var temporary = _scenes.PathOf("temporary");
        var loaded = (OnnxSemanticSegmentationTransformer)new MLContext { TempFilePath = temporary }.Model.Load(zip, out _);
        Assert.Single(Directory.EnumerateFiles(temporary));
        // It can be saved again, from the file that it runs.
        var again = _scenes.PathOf("again.zip");
        _context.Model.Save(loaded, _scenes.Load(_context).Schema, again);
        loaded.Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary));
        using var reloaded = (OnnxSemanticSegmentationTransformer)new MLContext().Model.Load(again, out _);
        Assert.Equal(Names, reloaded.ClassNames);
    }

    [Fact]
    public void Onnx_Assembly_RefersToNoTorchSharp()
    {
        var references = typeof(OnnxSemanticSegmentationTransformer).Assembly.GetReferencedAssemblies().Select(name => name.Name!).ToList();
        Assert.DoesNotContain("TorchSharp", references);
        Assert.DoesNotContain("SamSegmentation.ML", references);
        Assert.Contains("Microsoft.ML.OnnxRuntime", references);
    }

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (var e = error; e is not null; e = e.InnerException)
            yield return e;
    }

    private string Write(byte[] content)
    {
        var path = _scenes.PathOf("model.onnx");
        File.WriteAllBytes(path, content);
        return path;
    }

    private string Save()
    {
        var zip = _scenes.PathOf("model.zip");
        using var model = Catalog.LoadOnnx(Write(TinyOnnx.Network(Names)));
        _context.Model.Save(model, _scenes.Load(_context).Schema, zip);
        return zip;
    }
}
