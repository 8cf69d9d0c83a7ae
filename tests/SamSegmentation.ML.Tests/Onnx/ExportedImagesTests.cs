using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Onnx;
using SamSegmentation.ML.Onnx.Graphs;
using SamSegmentation.ML.Onnx.Networks;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Tests.Training;
using Xunit;

namespace SamSegmentation.ML.Tests.Onnx;

/// <summary>The complete form does with an image what the library's own predictor does.</summary>
public class ExportedImagesTests
{
    // Of the network's own size; smaller and larger than it, upright and wide; far from square.
    public static MatrixTheoryData<(int Height, int Width), Preprocessing, OnnxPrecision> Images => new(
        [(64, 64), (32, 61), (199, 133), (7, 180)], Enum.GetValues<Preprocessing>(), Enum.GetValues<OnnxPrecision>());

    // Halved exactly, where every other sum is a half; one to many; one from many; a length that is kept.
    public static TheoryData<int, int, int, Preprocessing> Sizes { get; } = new()
    {
        { 128, 96, 64, Preprocessing.Sam },
        { 32, 16, 64, Preprocessing.Sam },
        { 1, 3, 64, Preprocessing.Stretch },
        { 50, 640, 20, Preprocessing.Stretch },
        { 61, 64, 64, Preprocessing.Sam },
        { 333, 250, 97, Preprocessing.Sam },
        { 97, 401, 128, Preprocessing.Stretch },
    };

    [Theory]
    [MemberData(nameof(Images))]
    public void Run_AnImage_GivesThePredictorsClassesAndProbabilities((int Height, int Width) size, Preprocessing preprocessing, OnnxPrecision precision)
    {
        using var network = TinyNetwork.Create();
        var image = Exported.Image(size.Height, size.Width);
        var expected = new SegmentationPredictor(network, preprocessing) { WithProbabilities = true }.Predict(image);
        var options = new OnnxExportOptions { Height = size.Height, Width = size.Width, Probabilities = true, Precision = precision };

        using var session = new OnnxSession(Exported.Bytes(network, options, preprocessing));

        var ids = session.Run<byte>(Exported.Planes(image), OnnxNames.PredictedLabel);
        Assert.Equal(expected.Labels.Ids.Length, ids.Length);
        var equal = ids.Zip(expected.Labels.Ids).Count(pair => pair.First == pair.Second) / (double)ids.Length;
        Assert.True(equal >= Exported.EqualShare(precision), $"{equal:P2} of the pixels are equal; {Exported.EqualShare(precision):P1} must be.");
        Assert.True(ids.Distinct().Count() > 1, "the image shows one class alone");
        Exported.AreClose(expected.Probabilities!, session.Run<float>(Exported.Planes(image), OnnxNames.Score), Exported.Tolerance(precision), "probabilities");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Preprocess_AnySize_IsThePreprocessorsByteForByte(int height, int width, int size, Preprocessing mode)
    {
        var image = Exported.Image(height, width);
        var preprocessor = new SamPreprocessor(size, mode);
        using var expected = preprocessor.ToTensor([preprocessor.Prepare(image)]);
        var graph = new GraphBuilder("preprocessing", "");
        graph.Output("out", new PreprocessingGraph(graph, ImageGeometry.Of(height, width, size, mode), mode).Build(graph.Input("in", 1, 3, height, width)));
        using var file = new MemoryStream();
        GraphFile.Write(file, graph.Build(), _ => new Dictionary<string, string>());

        using var session = new OnnxSession(file.ToArray());

        var actual = session.Run<float>(Exported.Planes(image), "out");
        // Less than 1/255 of the smallest step between two bytes.
        Assert.All(Exported.Values(expected).Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Run_MoreClassesThanAByteHolds_GivesWiderIds()
    {
        using var network = TinyNetwork.Create(256);
        var image = Exported.Image(16, 16);
        var expected = new SegmentationPredictor(network, Preprocessing.Sam).Predict(image);

        using var session = new OnnxSession(Exported.Bytes(network, new OnnxExportOptions { Height = 16, Width = 16 }));

        Assert.Equal(expected.Labels.Ids, session.Run<ushort>(Exported.Planes(image), OnnxNames.PredictedLabel));
    }
}
