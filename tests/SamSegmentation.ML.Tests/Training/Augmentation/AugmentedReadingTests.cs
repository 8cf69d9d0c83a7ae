using SamSegmentation.ML.Datasets;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Training.Augmentation;
using SamSegmentation.ML.Training.Data;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training.Augmentation;

/// <summary>What the steps read is the varied image with the label that was varied as it.</summary>
public sealed class AugmentedReadingTests : IDisposable
{
    private const int Void = 255;

    private static readonly AugmentationOptions s_all = new() { FlipProbability = 0.5, ScaleJitter = true, Brightness = 0.4, Saturation = 0.4, Hue = 0.1 };

    private readonly TestFolder _folder = new();
    private readonly SemanticSam _model = TinyNetwork.Create();
    private readonly TensorCache _cache;
    private readonly LabelStore _labels;
    private readonly ML.Training.Data.SampleCheck _check = new("The set", new ClassList(TinyRun.Classes));

    public AugmentedReadingTests()
    {
        _cache = new TensorCache(_folder.Root);
        _labels = new LabelStore(_cache, Void, reuse: true);
        _model.eval();
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Read_CachedViews_GivesEmbeddingAndLabelOfTheViewThatIsPlanned()
    {
        const int Views = 3;
        var augmenter = new Augmenter(s_all with { Views = Views }, Void, seed: 1);
        var recipe = new EmbeddingRecipe(_model, Preprocessing.Sam, EmbeddingDType.Float32);
        var store = new EmbeddingStore(_model, new EmbeddingPass(_model, recipe, _cache, CPU), _cache);
        var looked = new List<string>();
        var done = new List<(int, int?)>();

        var set = store.Fill(TinyRun.TrainingSet, _check, _labels, sample => looked.Add(sample.Id), augmenter, (images, total) => done.Add((images, total)), default);

        Assert.Equal((8, 24, Views, 24), (set.Count, set.Samples.Count, set.Views, set.Computed));
        Assert.Equal(TinyRun.TrainingSet.Select(sample => sample.Id), looked);
        Assert.Equal((24, 24), done[^1]);
        var plan = new EpochPlan(seed: 5, set.Count, batchSize: 3, set.Views);
        var reader = new BatchReader(set, store, _labels, null, Void, CPU);
        var seen = new HashSet<int>();
        foreach (var (planned, batch) in plan.Batches(2).Zip(reader.Read(plan, 2)))
        {
            using (batch)
            {
                for (var i = 0; i < planned.Length; i++)
                {
                    seen.Add(planned[i].View);
                    var view = augmenter.View(TinyRun.TrainingSet[planned[i].Index], planned[i].View);
                    Assert.Equal(TrainingTarget.Of(view.Label, ImageGeometry.Of(40, 56, 64, Preprocessing.Sam), Void).Label.Ids, batch.Targets[i].Label.Ids);
                    Assert.InRange(DifferenceFromEncoded(view.Image, batch.Inputs, i), 0, 1e-5);
                }
            }
        }
        Assert.Equal(Views, seen.Count);
    }

    [Theory]
    [InlineData(Preprocessing.Sam)]
    [InlineData(Preprocessing.Stretch)]
    public void Read_Images_GivesImageAndLabelOfTheSameDraw(Preprocessing preprocessing)
    {
        var augmenter = new Augmenter(s_all, Void, seed: 1);
        var preprocessor = new SamPreprocessor(64, preprocessing);
        var store = new ImageStore(_model, preprocessor, _cache, reuse: true, firstTrained: 0);
        var set = store.Fill(TinyRun.TrainingSet, _check, _labels, null, null, (_, _) => { }, default);
        var plan = new EpochPlan(seed: 5, set.Count, batchSize: 3, set.Views);
        using var scope = NewDisposeScope();

        foreach (var epoch in (int[])[1, 2])
        {
            foreach (var (planned, batch) in plan.Batches(epoch).Zip(new BatchReader(set, store, _labels, augmenter, Void, CPU).Read(plan, epoch)))
            {
                using (batch)
                {
                    for (var i = 0; i < planned.Length; i++)
                    {
                        var resized = Resized(TinyRun.TrainingSet[planned[i].Index], preprocessor);
                        var varied = augmenter.Vary(resized, epoch, planned[i].Index);
                        Assert.NotEqual(resized.Image.Pixels, varied.Image.Pixels);
                        Assert.Equal(varied.Label.Ids, batch.Targets[i].Label.Ids);
                        var geometry = batch.Targets[i].Geometry;
                        Assert.True(preprocessor.ToTensor([new PreparedImage(varied.Image.Pixels, geometry)])[0].eq(batch.Inputs[i]).all().ToBoolean());
                    }
                }
            }
        }
    }

    [Fact]
    public void Read_OtherBatches_VariesEachImageTheSame()
    {
        var augmenter = new Augmenter(s_all, Void, seed: 1);
        var store = new ImageStore(_model, new SamPreprocessor(64, Preprocessing.Sam), _cache, reuse: true, firstTrained: 0);
        var set = store.Fill(TinyRun.TrainingSet, _check, _labels, null, null, (_, _) => { }, default);

        Assert.Equal(Labels(batchSize: 1), Labels(batchSize: 5));

        Dictionary<int, string> Labels(int batchSize)
        {
            var plan = new EpochPlan(seed: 5, set.Count, batchSize, set.Views);
            var labels = new Dictionary<int, string>();
            foreach (var (planned, batch) in plan.Batches(4).Zip(new BatchReader(set, store, _labels, augmenter, Void, CPU).Read(plan, 4)))
            {
                using (batch)
                {
                    foreach (var (sample, target) in planned.Zip(batch.Targets))
                        labels.Add(sample.Index, string.Join(' ', target.Label.Ids));
                }
            }
            return labels;
        }
    }

    private double DifferenceFromEncoded(RgbImage image, Tensor inputs, int place)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var preprocessor = new SamPreprocessor(64, Preprocessing.Sam);
        var encoded = _model.encode(preprocessor.ToTensor([preprocessor.Prepare(image)]));
        return (encoded[0] - inputs[place]).abs().max().ToDouble();
    }

    private static LabeledImage Resized(LabeledImage sample, SamPreprocessor preprocessor)
    {
        var prepared = preprocessor.Prepare(sample.Image);
        var (height, width) = (prepared.Geometry.ContentHeight, prepared.Geometry.ContentWidth);
        return sample with { Image = new RgbImage(height, width, prepared.Pixels), Label = sample.Label.ResizeNearest(height, width) };
    }
}
