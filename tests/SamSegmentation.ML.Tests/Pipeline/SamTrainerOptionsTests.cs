using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.ML;
using SamSegmentation.ML.Embeddings;
using SamSegmentation.ML.Imaging;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Modeling.Heads;
using SamSegmentation.ML.Pipeline;
using SamSegmentation.ML.Pipeline.Fitting;
using SamSegmentation.ML.Prediction;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Augmentation;
using SamSegmentation.ML.Training.Losses;
using SamSegmentation.ML.Training.Schedules;
using Xunit;

namespace SamSegmentation.ML.Tests.Pipeline;

public sealed class SamTrainerOptionsTests
{
    private static readonly SamTrainerOptions s_sound = new() { Variant = SamVariant.VitB };

    // Options that training gets under its own name, each with a value that is not the default.
    private static readonly Dictionary<string, (SamTrainerOptions Options, string Property)> s_passedOn = new()
    {
        ["Trained"] = (s_sound with { Trained = TrainedParts.Everything }, "Trained"),
        ["Adapters"] = (s_sound with { Adapters = new AdapterOptions { LoraRank = 8 } }, "Adapters"),
        ["Epochs"] = (s_sound with { Epochs = 3 }, "Epochs"),
        ["BatchSize"] = (s_sound with { BatchSize = 3 }, "BatchSize"),
        ["MicroBatchSize"] = (s_sound with { MicroBatchSize = 2 }, "MicroBatchSize"),
        ["Optimizer"] = (s_sound with { Optimizer = OptimizerKind.Sgd }, "Optimizer"),
        ["LearningRate"] = (s_sound with { LearningRate = 0.5 }, "LearningRate"),
        ["WeightDecay"] = (s_sound with { WeightDecay = 0.5 }, "WeightDecay"),
        ["Momentum"] = (s_sound with { Momentum = 0.5 }, "Momentum"),
        ["Nesterov"] = (s_sound with { Nesterov = true }, "Nesterov"),
        ["Beta1"] = (s_sound with { Beta1 = 0.5 }, "Beta1"),
        ["Beta2"] = (s_sound with { Beta2 = 0.5 }, "Beta2"),
        ["Schedule"] = (s_sound with { Schedule = new ConstantSchedule() }, "Schedule"),
        ["ScheduleName"] = (s_sound with { ScheduleName = "poly" }, "Schedule"),
        ["Parts"] = (s_sound with { Parts = new Dictionary<string, PartOverride> { ["mask_decoder"] = new() { WeightDecay = 0 } } }, "Parts"),
        ["Loss"] = (s_sound with { Loss = LossOptions.Parse("dice") }, "Loss"),
        ["ClippingNorm"] = (s_sound with { ClippingNorm = 2 }, "ClippingNorm"),
        ["EmaDecay"] = (s_sound with { EmaDecay = 0.5 }, "EmaDecay"),
        ["Preprocessing"] = (s_sound with { Preprocessing = Preprocessing.Stretch }, "Preprocessing"),
        ["Augmentation"] = (s_sound with { Augmentation = new() { Hue = 0.1, Views = 3 } }, "Augmentation"),
        ["ValidateEvery"] = (s_sound with { ValidateEvery = 2 }, "ValidateEvery"),
        ["MeasureTraining"] = (s_sound with { MeasureTraining = false }, "MeasureTraining"),
        ["KeepBest"] = (s_sound with { KeepBest = false }, "KeepBest"),
        ["KeepTop"] = (s_sound with { KeepTop = 2 }, "KeepTop"),
        ["KeepTopMetric"] = (s_sound with { KeepTopMetric = ValidationMetric.Loss }, "KeepTopMetric"),
        ["EarlyStopping"] = (s_sound with { EarlyStopping = new EarlyStopping() }, "EarlyStopping"),
        ["WorkspacePath"] = (s_sound with { WorkspacePath = "run" }, "RunFolder"),
        ["Resume"] = (s_sound with { Resume = true }, "Resume"),
        ["CheckpointEvery"] = (s_sound with { CheckpointEvery = 5 }, "CheckpointEvery"),
        ["ImagesLogged"] = (s_sound with { ImagesLogged = 1 }, "ImagesLogged"),
        ["ReportImages"] = (s_sound with { ReportImages = 1 }, "ReportImages"),
        ["LogEvery"] = (s_sound with { LogEvery = 1 }, "LogEvery"),
        ["CacheFolder"] = (s_sound with { CacheFolder = "cache" }, "CacheFolder"),
        ["ReuseCache"] = (s_sound with { ReuseCache = false }, "ReuseCache"),
        ["EmbeddingDType"] = (s_sound with { EmbeddingDType = EmbeddingDType.Float32 }, "EmbeddingDType"),
        ["EncoderBatchSize"] = (s_sound with { EncoderBatchSize = 2 }, "EncoderBatchSize"),
        ["EncoderPrecision"] = (s_sound with { EncoderPrecision = EncoderPrecision.BFloat16 }, "EncoderPrecision"),
        ["ThreadCount"] = (s_sound with { ThreadCount = 1 }, "ThreadCount"),
    };

    // What each of the other options does is seen in the tests of the trainer (TrainerTests) and below.
    private static readonly string[] s_others =
    [
        "ImageColumnName", "LabelColumnName", "PredictedLabelColumnName", "PredictedHeightColumnName", "PredictedWidthColumnName",
        "ScoreColumnName", "PredictedMaskImageColumnName", "PredictedOverlayColumnName", "Outputs", "PredictionBatchSize", "Inference", "ClassNames", "LabelColors",
        "Checkpoint", "Variant", "Config", "Head", "SaveEncoder", "ScheduleSettings", "ValidationSet", "ValidationSetFraction", "MetricsCallback",
        "CancellationToken", "Seed", "Device",
    ];

    public static TheoryData<string> PassedOn => [.. s_passedOn.Keys];

    [Theory]
    [MemberData(nameof(PassedOn))]
    public void TrainingOptionsOf_OneOption_ChangesItsPropertyAndNoOther(string option)
    {
        var (options, property) = s_passedOn[option];
        var before = SamTrainerOptionsRules.TrainingOptionsOf(s_sound, 1, "cpu");
        var after = SamTrainerOptionsRules.TrainingOptionsOf(options, 1, "cpu");
        var changed = typeof(TrainingOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(info => !Equals(info.GetValue(before), info.GetValue(after)));
        // Dictionaries are compared by reference.
        Assert.Equal([property], changed.Select(info => info.Name).Except(property == "Parts" ? [] : ["Parts"]));
    }

    [Fact]
    public void Properties_AllOfThem_AreTestedSomewhere() =>
        Assert.Equal(
            typeof(SamTrainerOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name).Order(),
            s_passedOn.Keys.Concat(s_others).Order());

    [Fact]
    public void TrainingOptionsOf_Defaults_AreTrainingsOwn()
    {
        var options = SamTrainerOptionsRules.TrainingOptionsOf(s_sound, TrainingOptions.Default.Seed, TrainingOptions.Default.Device);
        Assert.Equal(TrainingOptions.Default, options with { SaveModel = true, Parts = TrainingOptions.Default.Parts });
        Assert.Equal((7, "cuda:2"), (SamTrainerOptionsRules.TrainingOptionsOf(s_sound, 7, "cuda:2").Seed, SamTrainerOptionsRules.TrainingOptionsOf(s_sound, 7, "cuda:2").Device));
    }

    [Fact]
    public void TrainingOptionsOf_NamedScheduleWithSettings_IsMadeOfThem()
    {
        var options = s_sound with { ScheduleName = "step", ScheduleSettings = new Dictionary<string, string> { ["step_size"] = "5", ["gamma"] = "0.25" } };
        Assert.Equal(new StepSchedule { StepSize = 5, Gamma = 0.25 }, SamTrainerOptionsRules.TrainingOptionsOf(options, 0, "cpu").Schedule);
    }

    [Fact]
    public void Sam_ManyFaults_AreReportedAtOnce()
    {
        var options = new SamTrainerOptions
        {
            ImageColumnName = "",
            PredictionBatchSize = 0,
            Epochs = 0,
            LearningRate = -1,
            Device = "tpu",
            ValidationSetFraction = 1.5,
            ClassNames = ["a", "a"],
            ScheduleName = "sawtooth",
            SaveEncoder = false,
        };
        var error = Assert.Throws<OptionsValidationException>(() => new MLContext().Segmentation().Trainers.Sam(options));
        string[] expected = ["ImageColumnName", "PredictionBatchSize", "Checkpoint", "ValidationSetFraction", "ClassNames", "ScheduleName", "SaveEncoder"];
        Assert.All(expected, name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
        // A schedule that cannot be made keeps the others from being looked at; without it they are listed too.
        error = Assert.Throws<OptionsValidationException>(() => new MLContext().Segmentation().Trainers.Sam(options with { ScheduleName = null }));
        Assert.All(["Epochs: is 0", "LearningRate: is -1", "'tpu' is not a device"], text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }

    public static TheoryData<string, SamTrainerOptions> Faulty => new()
    {
        { "Checkpoint: is missing", new SamTrainerOptions() },
        { "Checkpoint: is blank", new SamTrainerOptions { Checkpoint = " " } },
        { "Config: excludes Variant", s_sound with { Config = SamConfig.VitL } },
        { "Config: EncoderHeads is 0", new SamTrainerOptions { Config = SamConfig.VitB with { EncoderHeads = 0 } } },
        { "Variant: is 9", new SamTrainerOptions { Variant = (SamVariant)9 } },
        { "SaveEncoder: is false; that needs a Checkpoint", s_sound with { SaveEncoder = false } },
        { "SaveEncoder: is false; with Trained = Everything", new SamTrainerOptions { Checkpoint = "a.pth", SaveEncoder = false, Trained = TrainedParts.Everything } },
        { "ValidationSetFraction: is 0", s_sound with { ValidationSetFraction = 0 } },
        { "EarlyStopping: needs a ValidationSet", s_sound with { EarlyStopping = new EarlyStopping() } },
        { "EarlyStopping.Patience", s_sound with { EarlyStopping = new EarlyStopping { Patience = 0 }, ValidationSetFraction = 0.5 } },
        { "EarlyStopping.MinimumGain", s_sound with { EarlyStopping = new EarlyStopping { MinimumGain = 1 }, ValidationSetFraction = 0.5 } },
        { "EarlyStopping.Metric", s_sound with { EarlyStopping = new EarlyStopping { Metric = (ValidationMetric)9 }, ValidationSetFraction = 0.5 } },
        { "KeepTop: is 2; that needs a ValidationSet", s_sound with { KeepTop = 2, WorkspacePath = "run" } },
        { "KeepTop: is 2; checkpoints need a folder", s_sound with { KeepTop = 2, ValidationSetFraction = 0.5 } },
        { "KeepTop: is -1", s_sound with { KeepTop = -1 } },
        { "KeepTopMetric: is Loss; that needs KeepTop", s_sound with { KeepTopMetric = ValidationMetric.Loss } },
        { "ScheduleName: excludes Schedule", s_sound with { Schedule = new ConstantSchedule(), ScheduleName = "poly" } },
        { "ScheduleSettings: need a ScheduleName", s_sound with { ScheduleSettings = new Dictionary<string, string>() } },
        { "ScheduleSettings[gamma]", s_sound with { ScheduleName = "step", ScheduleSettings = new Dictionary<string, string> { ["step_size"] = "1", ["gamma"] = "x" } } },
        { "have the same name 'Score'", s_sound with { PredictedLabelColumnName = "Score" } },
        { "Inference.Scales: has 9; each must be above 0 and at most 8", s_sound with { Inference = new InferenceOptions { Scales = [1, 9] } } },
        { "Inference.Overlap: is 1", s_sound with { Inference = new InferenceOptions { Overlap = 1 } } },
        { "Inference", s_sound with { Inference = null! } },
        { "Outputs: is 8", s_sound with { Outputs = (SegmentationOutputs)8 } },
        { "Resume: needs the folder", s_sound with { Resume = true } },
        { "CheckpointEvery: is -1", s_sound with { CheckpointEvery = -1 } },
        { "CheckpointEvery: is 0, so that the run could not be resumed", s_sound with { WorkspacePath = "run", Resume = true, CheckpointEvery = 0 } },
        { "WorkspacePath: is blank", s_sound with { WorkspacePath = " " } },
        { "Loss.Terms[0].Weight: is 0", s_sound with { Loss = LossOptions.Parse("0*dice") } },
        { "Augmentation.FlipProbability: is 1.5; it must be in 0..1.", s_sound with { Augmentation = new() { FlipProbability = 1.5, Views = 2 } } },
        { "Augmentation.MinScale: is 0.25; that needs ScaleJitter.", s_sound with { Augmentation = new() { MinScale = 0.25 } } },
        { "Augmentation.MinScale: is 0; it must be above 0 and at most 8.", s_sound with { Augmentation = new() { ScaleJitter = true, MinScale = 0, Views = 2 } } },
        { "Augmentation.MaxScale: is 9; it must be above 0 and at most 8.", s_sound with { Augmentation = new() { ScaleJitter = true, MaxScale = 9, Views = 2 } } },
        { "Augmentation.MaxScale: is 0.25; it must be at least MinScale, 0.5.", s_sound with { Augmentation = new() { ScaleJitter = true, MaxScale = 0.25, Views = 2 } } },
        { "Augmentation.Brightness: is -1; it must be a number of at least 0.", s_sound with { Augmentation = new() { Brightness = -1 } } },
        { "Augmentation.Contrast: is NaN; it must be a number of at least 0.", s_sound with { Augmentation = new() { Contrast = double.NaN } } },
        { "Augmentation.Saturation: is -2; it must be a number of at least 0.", s_sound with { Augmentation = new() { Saturation = -2 } } },
        { "Augmentation.Hue: is 0.6; it must be in 0..0.5.", s_sound with { Augmentation = new() { Hue = 0.6, Views = 2 } } },
        { "Augmentation.Views: is 0; it must be at least 1.", s_sound with { Augmentation = new() { Views = 0 } } },
        { "Augmentation.Views: is 2, but nothing makes views differ", s_sound with { Augmentation = new() { Views = 2 } } },
        { "Augmentation.Views: is 3, but FlipProbability alone makes no more than 2 different views.", s_sound with { Augmentation = new() { FlipProbability = 0.5, Views = 3 } } },
        { "Augmentation.Views: is 1; with Trained = Decoder the network reads cached embeddings", s_sound with { Augmentation = new() { ScaleJitter = true } } },
        { "Augmentation.Views: is 4; with Trained = Everything the encoder runs in every step", s_sound with { Trained = TrainedParts.Everything, Augmentation = new() { Hue = 0.1, Views = 4 } } },
        { "Adapters: needs Trained = DecoderAndAdapters; it is Decoder", s_sound with { Adapters = new AdapterOptions { FirstBlock = 2 } } },
        { "Adapters.LoraRank: is 0", s_sound with { Trained = TrainedParts.DecoderAndAdapters, Adapters = new AdapterOptions { LoraRank = 0 } } },
        { "Adapters.LoraAlpha: belongs to Lora; Kind is AdaptFormer", s_sound with { Trained = TrainedParts.DecoderAndAdapters, Adapters = new AdapterOptions { Kind = AdapterKind.AdaptFormer, LoraAlpha = 2 } } },
        { "Adapters.BottleneckScale: is NaN", s_sound with { Trained = TrainedParts.DecoderAndAdapters, Adapters = new AdapterOptions { Kind = AdapterKind.Both, BottleneckScale = double.NaN } } },
        { "Adapters.FirstBlock: is -1", s_sound with { Trained = TrainedParts.DecoderAndAdapters, Adapters = new AdapterOptions { FirstBlock = -1 } } },
        { "Adapters.Kind: is 7", s_sound with { Trained = TrainedParts.DecoderAndAdapters, Adapters = new AdapterOptions { Kind = (AdapterKind)7 } } },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void Sam_OneFault_NamesOptionAndReason(string expected, SamTrainerOptions options)
    {
        var error = Assert.Throws<OptionsValidationException>(() => new MLContext().Segmentation().Trainers.Sam(options));
        Assert.Contains(expected, Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Validator_ValidationSetAndFraction_ExcludeEachOther()
    {
        var data = new MLContext().Data.LoadFromEnumerable(Array.Empty<object>());
        var result = new SamTrainerOptionsValidator().Validate(null, s_sound with { ValidationSet = data, ValidationSetFraction = 0.5 });
        Assert.Contains("ValidationSetFraction: excludes ValidationSet", result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Validator_SoundOptions_Passes() => Assert.True(new SamTrainerOptionsValidator().Validate(null, s_sound).Succeeded);

    [Fact]
    public void Bind_Configuration_SetsTheOptions()
    {
        var options = Host(new()
        {
            ["Sam:Checkpoint"] = "sam_vit_b_01ec64.pth",
            ["Sam:Trained"] = "DecoderAndAdapters",
            ["Sam:Epochs"] = "7",
            ["Sam:LearningRate"] = "0.25",
            ["Sam:ClippingNorm"] = "5",
            ["Sam:Loss"] = "cross_entropy+2*dice",
            ["Sam:ClassNames:0"] = "background",
            ["Sam:ClassNames:1"] = "road",
            ["Sam:ScheduleName"] = "poly",
            ["Sam:ScheduleSettings:power"] = "2",
            ["Sam:Parts:mask_decoder.transformer:LearningRate"] = "0.001",
            ["Sam:Adapters:Kind"] = "Both",
            ["Sam:Adapters:LoraRank"] = "8",
            ["Sam:Adapters:FirstBlock"] = "6",
            ["Sam:Augmentation:FlipProbability"] = "0.5",
            ["Sam:Augmentation:ScaleJitter"] = "true",
            ["Sam:Augmentation:Views"] = "4",
            ["Sam:EarlyStopping:Patience"] = "4",
            ["Sam:ValidationSetFraction"] = "0.25",
            ["Sam:Outputs"] = "Score, Overlay",
            ["Sam:Inference:Window"] = "ShorterSide",
            ["Sam:Inference:Scales:0"] = "0.5",
            ["Sam:Inference:Scales:1"] = "2",
        });
        Assert.Equal(("sam_vit_b_01ec64.pth", TrainedParts.DecoderAndAdapters, 7, 0.25, 5.0), (options.Checkpoint, options.Trained, options.Epochs, options.LearningRate, options.ClippingNorm));
        Assert.Equal(new LossOptions { Terms = [new CrossEntropyTerm(), new DiceTerm { Weight = 2 }] }, options.Loss);
        Assert.Equal(["background", "road"], options.ClassNames!);
        Assert.Equal(SlidingWindow.ShorterSide, options.Inference.Window);
        Assert.Equal([0.5, 2], options.Inference.Scales);
        Assert.Equal((SlidingWindow.Off, 0), (InferenceOptions.Default.Window, InferenceOptions.Default.Scales.Count));
        Assert.Equal(new PolynomialSchedule { Power = 2 }, SamTrainerOptionsRules.TrainingOptionsOf(options, 0, "cpu").Schedule);
        Assert.Equal(0.001, options.Parts["mask_decoder.transformer"].LearningRate);
        Assert.Equal(new AdapterOptions { Kind = AdapterKind.Both, LoraRank = 8, FirstBlock = 6 }, options.Adapters);
        Assert.Equal(new AdapterOptions(), TrainingOptions.Default.Adapters);
        Assert.Equal(new AugmentationOptions { FlipProbability = 0.5, ScaleJitter = true, Views = 4 }, options.Augmentation);
        Assert.Equal(new AugmentationOptions(), TrainingOptions.Default.Augmentation);
        Assert.Equal((4, 0.25, SegmentationOutputs.Score | SegmentationOutputs.Overlay), (options.EarlyStopping!.Patience, options.ValidationSetFraction, options.Outputs));
    }

    [Fact]
    public void Bind_ConfigurationOfASmallNetwork_SetsItsDimensions()
    {
        var options = Host(new() { ["Sam:Config:ImageSize"] = "64", ["Sam:Config:PatchSize"] = "8" });
        Assert.Equal((64, 8), (options.Config!.ImageSize, options.Config.PatchSize));
    }

    [Fact]
    public void Bind_ConfigurationOfAHead_SetsIt()
    {
        var options = Host(new() { ["Sam:Checkpoint"] = "sam.pth", ["Sam:Head:Kind"] = "Aspp", ["Sam:Head:Width"] = "128", ["Sam:Head:FeatureBlocks:0"] = "2", ["Sam:Head:FeatureBlocks:1"] = "5" });
        Assert.Equal(new HeadConfig { Kind = HeadKind.Aspp, Width = 128, FeatureBlocks = [2, 5] }, options.Head);
    }

    [Fact]
    public void Bind_BadConfiguration_FailsInTheHostWithAllFaults()
    {
        var error = Assert.Throws<OptionsValidationException>(() => Host(new() { ["Sam:Epochs"] = "0", ["Sam:BatchSize"] = "-1" }));
        Assert.All(["Checkpoint", "Epochs", "BatchSize"], name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    private static SamTrainerOptions Host(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection();
        services.AddOptions<SamTrainerOptions>().Bind(configuration.GetSection("Sam"));
        services.AddSingleton<IValidateOptions<SamTrainerOptions>, SamTrainerOptionsValidator>();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<SamTrainerOptions>>().Value;
    }
}
