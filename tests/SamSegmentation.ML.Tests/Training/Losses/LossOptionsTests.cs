using System.ComponentModel;
using System.Text.Json;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Losses;
using Xunit;

namespace SamSegmentation.ML.Tests.Training.Losses;

public sealed class LossOptionsTests
{
    [Fact]
    public void Default_IsHalfTheCrossEntropy()
    {
        Assert.Equal("0.5*cross_entropy", LossOptions.Default.ToString());
        Assert.Equal(LossOptions.Default, TrainingOptions.Reference.Loss);
    }

    [Theory]
    [InlineData("0.5*cross_entropy", "0.5*cross_entropy")]
    [InlineData(" .5 * Cross-Entropy + 1*dice( ) ", "0.5*cross_entropy+dice")]
    [InlineData("1e-3*lovasz+2.5E+1*dice(smooth=1)", "0.001*lovasz+25*dice(smooth=1)")]
    [InlineData("cross_entropy(class-weights=0.1:1:2, label_smoothing=0.1)", "cross_entropy(label_smoothing=0.1,class_weights=0.1:1:2)")]
    [InlineData("focal(gamma=3,class_weights=median_frequency)+focal(gamma=2)", "focal(gamma=3,class_weights=median_frequency)+focal")]
    [InlineData("ohem(threshold=0.6,min_kept=500)+ohem(threshold=0.7,min_kept=100000)", "ohem(threshold=0.6,min_kept=500)+ohem")]
    public void Parse_Formula_IsReadAndWritten(string formula, string expected)
    {
        var options = LossOptions.Parse(formula);

        Assert.Equal(expected, options.ToString());
        Assert.Equal(options, LossOptions.Parse(expected));
        Assert.Equal(options.GetHashCode(), LossOptions.Parse(expected).GetHashCode());
        Assert.Equal(options, JsonSerializer.Deserialize<LossOptions>(JsonSerializer.Serialize(options)));
        Assert.Equal(options, TypeDescriptor.GetConverter(typeof(LossOptions)).ConvertFrom(formula));
        Assert.Empty(options.FindFaults());
    }

    [Theory]
    [InlineData("", "'' is not a sum of losses")]
    [InlineData("dice+", "'dice+' ends with '+'")]
    [InlineData("dice dice", "'dice dice' is not a sum of losses")]
    [InlineData("-1*dice", "'-1*dice' is not a sum of losses")]
    [InlineData("dice+iou", "there is no loss 'iou'; expected one of cross_entropy, dice, focal, lovasz, ohem")]
    [InlineData("dice(gamma=2)", "dice has no setting 'gamma'; expected one of smooth")]
    [InlineData("lovasz(gamma=2)", "lovasz has no setting 'gamma'; it has none")]
    [InlineData("focal(gamma=two)", "gamma is 'two'; expected a number")]
    [InlineData("focal(gamma)", "'gamma' of focal is not a setting; expected name=value")]
    [InlineData("focal(gamma=1,gamma=1)", "gamma of focal is there twice")]
    [InlineData("cross_entropy(class_weights=1:x)", "class_weights is 'x'; expected a number")]
    [InlineData("ohem(min_kept=0.5)", "min_kept is '0.5'; expected an integer")]
    public void Parse_NoFormula_SaysWhatIsWrong(string formula, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => LossOptions.Parse(formula)).Message, StringComparison.Ordinal);

    [Fact]
    public void FindFaults_BadSettings_AreAllListed()
    {
        var options = LossOptions.Parse("0*dice(smooth=-1)+focal(gamma=-1)+ohem(threshold=0,min_kept=0)+cross_entropy(label_smoothing=1,class_weights=0:0)") with { };
        var both = new LossOptions { Terms = [new CrossEntropyTerm { ClassWeights = [1], Balance = ClassBalance.MedianFrequency }] };

        Assert.Equal(
            ["Terms[0].Weight", "Terms[0].Smooth", "Terms[1].Gamma", "Terms[2].Threshold", "Terms[2].MinimumKept", "Terms[3].ClassWeights", "Terms[3].LabelSmoothing"],
            options.FindFaults().Select(fault => fault.Option));
        Assert.Equal("Terms[0].ClassWeights: exclude Balance; give one of them.", Assert.Single(both.FindFaults()).ToString());
        Assert.Equal("Terms", Assert.Single(new LossOptions { Terms = [] }.FindFaults()).Option);
    }

    [Fact]
    public void Trainer_WeightsOfAnotherNumberOfClasses_AreRefused()
    {
        using var model = TinyNetwork.Create();
        var options = TinyRun.Options with { Loss = LossOptions.Parse("dice+cross_entropy(class_weights=1:2)") };

        var error = Assert.Throws<InvalidTrainingOptionsException>(() => new SegmentationTrainer(model, TinyRun.Classes, options));

        Assert.Equal("Loss.Terms[1].ClassWeights: are 2; the network has 3 classes.", Assert.Single(error.Faults).ToString());
    }

    [Fact]
    public void MedianFrequencyWeights_Counts_AreEigenAndFergus()
    {
        var frequencies = new ClassFrequencies(4, 255);
        frequencies.Add(new LabelMap(1, 5, [0, 0, 0, 1, 255]));
        frequencies.Add(new LabelMap(1, 4, [0, 0, 2, 2]));

        // f: 5/8, 1/4, 2/4; their median is 1/2. No image shows class 3.
        Assert.Equal([0.8, 2, 1, 1], frequencies.MedianFrequencyWeights());
        Assert.Equal([1, 1], new ClassFrequencies(2, 255).MedianFrequencyWeights());
    }
}
