using Microsoft.ML;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Tests.Modeling.Adapters;
using SamSegmentation.ML.Tests.Training;
using SamSegmentation.ML.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Pipeline;

/// <summary>Adapters in ML.NET: trained, saved whole and alone, gone on with.</summary>
[Collection(LiveTensors.Alone)]
public sealed class AdapterPipelineTests : IDisposable
{
    private readonly SceneFolder _scenes = new(training: 4, validation: 0);
    private readonly MLContext _context = new(seed: 1);

    private string Zip => _scenes.PathOf("model.zip");

    public void Dispose() => _scenes.Dispose();

    [Fact]
    public void Fit_Adapters_SaysWhatIsCachedAndTheWholeModelLoadsAlone()
    {
        var log = new List<string>();
        _context.Log += (_, e) => log.Add(e.Message);
        var data = _scenes.Load(_context);
        using var model = _context.Segmentation().Trainers.Sam(Options(SaveNetwork())).Fit(data);
        _context.Model.Save(model, data.Schema, Zip);

        using var loaded = (SamSemanticSegmentationTransformer)new MLContext().Model.Load(Zip, out _);

        Assert.Equal(AdapterKind.Both, model.Model.Network.Adapters!.Kind);
        Assert.Equal(AdapterKind.AdaptFormer, loaded.Model.Network.Adapters!.Kind);
        AssertSamePredictions(model, loaded, data);
        Assert.Contains(log, text => text.Contains("Training DecoderAndAdapters", StringComparison.Ordinal) && text.Contains("cached: Images", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_AdaptersWithoutEncoder_SavesThemWithTheDecoder()
    {
        var checkpoint = SaveNetwork();
        var data = _scenes.Load(_context);
        using var model = _context.Segmentation().Trainers.Sam(Options(checkpoint) with { SaveEncoder = false }).Fit(data);
        _context.Model.Save(model, data.Schema, Zip);

        using var loaded = (SamSemanticSegmentationTransformer)new MLContext().Model.Load(Zip, out _);

        Assert.Equal(model.Model.Network.Adapters, loaded.Model.Network.Adapters);
        AssertSamePredictions(model, loaded, data);
        Assert.InRange(new FileInfo(Zip).Length, 1, new FileInfo(checkpoint).Length * 3 / 4);
    }

    [Theory]
    [InlineData(HeadKind.MaskDecoder, true)]
    [InlineData(HeadKind.MaskDecoder, false)]
    [InlineData(HeadKind.PyramidPooling, true)]
    [InlineData(HeadKind.PyramidPooling, false)]
    public void Fit_AdaptersUnderAHeadWithFeatures_AreBothInTheModelFile(HeadKind kind, bool saveEncoder)
    {
        var head = new HeadConfig { Kind = kind, FeatureBlocks = [0, 1] };
        var data = _scenes.Load(_context);
        using var model = _context.Segmentation().Trainers.Sam(Options(SaveNetwork()) with { Head = head, SaveEncoder = saveEncoder }).Fit(data);
        _context.Model.Save(model, data.Schema, Zip);

        using var loaded = (SamSemanticSegmentationTransformer)new MLContext().Model.Load(Zip, out _);

        Assert.Equal((head, head), (model.Head, loaded.Head));
        // Whole files have LoRA merged.
        Assert.Equal((AdapterKind.Both, saveEncoder ? AdapterKind.AdaptFormer : AdapterKind.Both), (model.Model.Network.Adapters!.Kind, loaded.Model.Network.Adapters!.Kind));
        AssertSamePredictions(model, loaded, data);
    }

    [Fact]
    public void Fit_FromAWholeModelWithAdaptFormer_GoesOnWithIt()
    {
        var path = _scenes.PathOf("adapted.safetensors");
        var adapters = new AdapterOptions { Kind = AdapterKind.AdaptFormer, BottleneckWidth = 5 };
        using (var network = AdaptedNetwork.Create(adapters))
            SamCheckpoint.SaveModel(network, path, Info);

        using var model = _context.Segmentation().Trainers.Sam(Options(path) with { Adapters = adapters, LearningRate = 1e-30, WeightDecay = 0 }).Fit(_scenes.Load(_context));

        Assert.Equal(adapters.Resolve(), model.Model.Network.Adapters);
        using var start = SegmentationModel.Load(path);
        Assert.Equal(
            start.Network.state_dict()["adapters.0.adaptformer.up.weight"].bytes.ToArray(),
            model.Model.Network.state_dict()["adapters.0.adaptformer.up.weight"].bytes.ToArray());
    }

    private static SavedModelInfo Info => new() { Config = TinyNetwork.Config, ClassNames = SceneFolder.Classes.Names, Preprocessing = nameof(Preprocessing.Sam) };

    private static SamTrainerOptions Options(string checkpoint) => QuickTraining.Options with
    {
        Config = null,
        Checkpoint = checkpoint,
        Trained = TrainedParts.DecoderAndAdapters,
        Adapters = AdaptedNetwork.Small,
        BatchSize = 2,
        Outputs = SegmentationOutputs.Score,
    };

    private string SaveNetwork()
    {
        var path = _scenes.PathOf("sam.safetensors");
        using var network = TinyNetwork.Create();
        SamCheckpoint.SaveModel(network, path, Info);
        return path;
    }

    private static void AssertSamePredictions(ITransformer expected, ITransformer actual, IDataView data)
    {
        foreach (var (a, b) in Rows.Vectors<float>(expected.Transform(data), "Score").Zip(Rows.Vectors<float>(actual.Transform(data), "Score")))
            Assert.Equal(a.ToArray(), b.ToArray(), (x, y) => Math.Abs(x - y) <= 1e-5f);
    }
}
