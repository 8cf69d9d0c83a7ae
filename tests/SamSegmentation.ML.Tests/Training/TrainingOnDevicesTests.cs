using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Losses;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Training;

/// <summary>Whole runs on each device at hand, in pieces, against the CPU's with all at once.</summary>
public sealed class TrainingOnDevicesTests
{
    public static TheoryData<TrainedParts, HeadKind, string> Runs
    {
        get
        {
            var data = new TheoryData<TrainedParts, HeadKind, string>();
            foreach (var row in Devices.AtHand)
            {
                data.Add(TrainedParts.Decoder, HeadKind.MaskDecoder, row.Data);
                data.Add(TrainedParts.Decoder, HeadKind.Aspp, row.Data);
                data.Add(TrainedParts.DecoderAndAdapters, HeadKind.MaskDecoder, row.Data);
                data.Add(TrainedParts.Everything, HeadKind.PyramidPooling, row.Data);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Train_OnAnyDevice_ComesToTheCpusLossesAndPredictions(TrainedParts trained, HeadKind head, string name)
    {
        // Every loss, an average of the weights, the metric of the training set and a validation: all that a run computes.
        var options = TinyRun.Options with
        {
            Trained = trained,
            Epochs = 2,
            BatchSize = 4,
            Optimizer = OptimizerKind.Sgd,
            LearningRate = 1e-2,
            ClippingNorm = 1,
            EmaDecay = 0.5,
            EmbeddingDType = EmbeddingDType.Float32,
            Loss = LossOptions.Parse("cross_entropy(class_weights=median_frequency)+0.5*focal+0.5*dice+0.1*lovasz+ohem(min_kept=100)"),
        };
        var (reference, model) = Networks(head, trained);
        using var first = reference;
        using var second = model;

        var expected = TinyRun.Train(reference, options with { Device = "cpu" }, validation: TinyRun.ValidationSet);
        var actual = TinyRun.Train(model, options with { Device = name, MicroBatchSize = 3 }, validation: TinyRun.ValidationSet);

        foreach (var (one, other) in expected.Epochs.Zip(actual.Epochs))
        {
            Assert.Equal(one.TrainingLoss, other.TrainingLoss, 1e-3);
            Assert.Equal(one.ValidationLoss!.Value, other.ValidationLoss!.Value, 1e-3);
        }
        Assert.All(model.parameters(), parameter => Assert.Equal(device(name).type, parameter.device.type));
        var image = TinyRun.ValidationSet[0].Image;
        var there = new SegmentationPredictor(model, Preprocessing.Sam, device(name)) { WithProbabilities = true, Inference = new() { Flip = true } }.Predict(image);
        model.to(CPU);
        var here = new SegmentationPredictor(model, Preprocessing.Sam) { WithProbabilities = true, Inference = new() { Flip = true } }.Predict(image);
        Assert.All(here.Probabilities!.Zip(there.Probabilities!), pair => Assert.Equal(pair.First, pair.Second, 1e-2));
    }

    // torch's generator belongs to all tests at once: what it gives one network is copied to the other.
    private static (SemanticSam, SemanticSam) Networks(HeadKind head, TrainedParts trained)
    {
        var config = new HeadConfig { Kind = head };
        var (one, other) = (TinyNetwork.Create(TinyRun.Classes.Count, config), TinyNetwork.Create(TinyRun.Classes.Count, config));
        if (trained != TrainedParts.DecoderAndAdapters)
            return (one, other);
        one.AddAdapters(new AdapterOptions());
        other.AddAdapters(new AdapterOptions());
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var weights = one.state_dict();
        foreach (var (name, value) in other.state_dict())
            value.copy_(weights[name]);
        return (one, other);
    }
}
