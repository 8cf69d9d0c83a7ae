using SamSegmentation.Demo;
using SamSegmentation.ML.Checkpoints;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Tests.Golden;
using SamSegmentation.ML.Tests.Training;
using SamSegmentation.ML.Tests.Modeling.Adapters;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace SamSegmentation.ML.Tests.Modeling;

/// <summary>The demo's network with the encoder in fewer bits, against itself in float32.</summary>
public sealed class EncoderPrecisionTests : IDisposable
{
    private readonly SemanticSam _model = new(SmallSam.Config, TinyRun.Classes.Count);

    public EncoderPrecisionTests()
    {
        using var checkpoint = Checkpoint.Open(SmallSam.Checkpoint);
        SamCheckpoint.Load(_model, checkpoint);
        _model.eval();
    }

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Encode_InBFloat16_IsNearFloat32()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var images = Images(2);
        var exact = _model.encode(images);
        _model.image_encoder.Precision = EncoderPrecision.BFloat16;
        var found = _model.encode(images);
        Assert.Equal(ScalarType.Float32, found.dtype);
        // Not the same, or the precision would be without effect.
        Assert.InRange(GoldenError.Relative(found, exact), 1e-4, 2e-2);
    }

    [Fact]
    public void Predict_InBFloat16_AgreesAtNearlyEveryPixel()
    {
        TinyRun.Train(_model, TinyRun.Options with { Epochs = 10 });
        var predictor = new SegmentationPredictor(_model, Preprocessing.Sam);
        var images = TinyRun.ValidationSet.Select(sample => sample.Image).ToArray();
        var exact = images.SelectMany(image => predictor.Predict(image).Labels.Ids.ToArray()).ToArray();
        _model.image_encoder.Precision = EncoderPrecision.BFloat16;
        var found = images.SelectMany(image => predictor.Predict(image).Labels.Ids.ToArray()).ToArray();
        Assert.True(exact.Distinct().Count() > 1, "the network tells no classes apart");
        Assert.InRange(exact.Zip(found).Count(pair => pair.First == pair.Second), 0.995 * exact.Length, exact.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Backward_InBFloat16_HasNearlyTheSameGradients(bool adapted)
    {
        using var scope = NewDisposeScope();
        if (adapted)
        {
            _model.AddAdapters(AdaptedNetwork.Small);
            AdaptedNetwork.Disturb(_model);
        }
        var images = Images(1);
        var parameters = _model.image_encoder.parameters().Concat(_model.adapter_weights?.parameters() ?? []).Select(parameter => (Tensor)parameter).ToArray();
        var exact = Gradients();
        _model.image_encoder.Precision = EncoderPrecision.BFloat16;
        var found = Gradients();
        Assert.All(found.Zip(parameters), pair => Assert.Equal(pair.Second.dtype, pair.First.dtype));
        Assert.InRange(GoldenError.Relative(cat([.. found.Select(gradient => gradient.flatten())]), cat([.. exact.Select(gradient => gradient.flatten())])), 1e-4, 0.1);

        Tensor[] Gradients()
        {
            var embedding = _model.encode(images);
            return [.. autograd.grad([(embedding * embedding.detach().sin()).mean()], parameters)];
        }
    }

    [Fact]
    public void Encode_InFloat16OnTheCpu_IsRefused()
    {
        _model.image_encoder.Precision = EncoderPrecision.Float16;
        using var images = zeros(1, 3, SmallSam.Config.ImageSize, SmallSam.Config.ImageSize);
        var error = Assert.Throws<InvalidOperationException>(() => _model.encode(images));
        Assert.Contains("Float16", error.Message);
        Assert.Contains("BFloat16", error.Message);
    }

    [Fact]
    public void ContinueFrom_InFloat16OnTheCpu_IsRefused()
    {
        using var images = zeros(1, 3, SmallSam.Config.ImageSize, SmallSam.Config.ImageSize);
        using var tokens = _model.image_encoder.tokens_before(images, 1);
        _model.image_encoder.Precision = EncoderPrecision.Float16;
        Assert.Contains("Float16", Assert.Throws<InvalidOperationException>(() => _model.image_encoder.continue_from(tokens, 1)).Message);
    }

    [Theory]
    [InlineData(EncoderPrecision.Float32, 0, 1e-5)]
    [InlineData(EncoderPrecision.BFloat16, 1e-4, 2e-2)]
    public void Encode_OfFloat64Weights_ComputesInThePrecision(EncoderPrecision precision, double least, double most)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var images = Images(1);
        var exact = _model.encode(images);
        _model.to(ScalarType.Float64);
        _model.image_encoder.Precision = precision;
        var found = _model.image_encoder.forward(images.to(ScalarType.Float64));
        Assert.Equal(ScalarType.Float64, found.dtype);
        Assert.InRange(GoldenError.Relative(found, exact), least, most);
    }

    [Fact]
    public void Precision_ThatDoesNotExist_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _model.image_encoder.Precision = (EncoderPrecision)9);

    private static Tensor Images(int count)
    {
        var preprocessor = new SamPreprocessor(SmallSam.Config.ImageSize, Preprocessing.Sam);
        return preprocessor.ToTensor([.. TinyRun.ValidationSet.Take(count).Select(sample => preprocessor.Prepare(sample.Image))]);
    }
}
