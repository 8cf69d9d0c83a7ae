using System.Reflection;
using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Settings;
using SamSegmentation.Cli.Settings.Knobs;
using SamSegmentation.Cli.Training;
using SamSegmentation.ML.Modeling;
using SamSegmentation.ML.Training;
using Xunit;

namespace SamSegmentation.Cli.Tests.Settings;

public sealed class SamSegKnobsTests
{
    // A value for every setting that is not its default.
    private static readonly Dictionary<string, string> s_others = new()
    {
        ["model.checkpoint"] = "sam.pth",
        ["model.variant"] = "vit_l",
        ["model.encoder_checkpoint"] = "encoder.pth",
        ["model.head.kind"] = "aspp",
        ["model.head.feature_blocks"] = "[0, 1]",
        ["model.head.width"] = "8",
        ["model.trained"] = "model.safetensors",
        ["model.network.image_size"] = "64",
        ["model.network.patch_size"] = "8",
        ["model.network.encoder_dim"] = "32",
        ["model.network.encoder_depth"] = "2",
        ["model.network.encoder_heads"] = "2",
        ["model.network.window_size"] = "4",
        ["model.network.global_attention_blocks"] = "[1]",
        ["model.network.mlp_ratio"] = "2",
        ["model.network.embedding_channels"] = "16",
        ["model.network.decoder_heads"] = "2",
        ["model.network.decoder_depth"] = "1",
        ["model.network.decoder_mlp_dim"] = "32",
        ["model.network.iou_hidden_dim"] = "16",
        ["model.network.mask_in_channels"] = "4",
        ["dataset.voc"] = "VOCdevkit",
        ["dataset.images"] = "img/train",
        ["dataset.masks"] = "ann/train",
        ["dataset.val_images"] = "img/val",
        ["dataset.val_masks"] = "ann/val",
        ["dataset.classes"] = "classes.txt",
        ["dataset.train_split"] = "trainval",
        ["dataset.val_split"] = "none",
        ["dataset.image_suffixes"] = "[.jpg]",
        ["dataset.mask_suffix"] = "_mask.png",
        ["dataset.recursive"] = "true",
        ["dataset.colored_masks"] = "true",
        ["dataset.bad_samples"] = "skip",
        ["dataset.max_skipped"] = "0.5",
        ["dataset.max_pixels"] = "1000",
        ["training.protocol"] = "reference",
        ["training.preprocessing"] = "stretch",
        ["training.trained"] = "everything",
        ["training.epochs"] = "3",
        ["training.batch_size"] = "2",
        ["training.micro_batch_size"] = "2",
        ["training.augmentation.flip_probability"] = "0.5",
        ["training.augmentation.scale_jitter"] = "true",
        ["training.augmentation.min_scale"] = "0.75",
        ["training.augmentation.max_scale"] = "1.5",
        ["training.augmentation.brightness"] = "0.4",
        ["training.augmentation.contrast"] = "0.4",
        ["training.augmentation.saturation"] = "0.4",
        ["training.augmentation.hue"] = "0.1",
        ["training.augmentation.views"] = "4",
        ["training.loss"] = "0.5*cross_entropy(label_smoothing=0.1,class_weights=median_frequency)+dice",
        ["training.clipping_norm"] = "5",
        ["training.ema_decay"] = "0.9",
        ["training.validate_every"] = "2",
        ["training.measure_training"] = "false",
        ["training.keep_best"] = "false",
        ["training.keep_top"] = "2",
        ["training.keep_top_metric"] = "loss",
        ["training.early_stopping"] = "3",
        ["training.early_stopping_metric"] = "dice",
        ["training.early_stopping_gain"] = "0.01",
        ["training.adapters.kind"] = "both",
        ["training.adapters.lora_rank"] = "8",
        ["training.adapters.lora_alpha"] = "16",
        ["training.adapters.bottleneck_width"] = "32",
        ["training.adapters.bottleneck_scale"] = "0.2",
        ["training.adapters.first_block"] = "6",
        ["training.optimizer.name"] = "sgd",
        ["training.optimizer.learning_rate"] = "0.5",
        ["training.optimizer.weight_decay"] = "0.5",
        ["training.optimizer.momentum"] = "0.5",
        ["training.optimizer.nesterov"] = "true",
        ["training.optimizer.beta1"] = "0.5",
        ["training.optimizer.beta2"] = "0.5",
        ["training.optimizer.parts"] = "{ mask_decoder.transformer: { learning_rate: 0.1, weight_decay: 0 } }",
        ["training.schedule.name"] = "poly",
        ["training.schedule.warmup_steps"] = "7",
        ["training.schedule.warmup_factor"] = "0.5",
        ["training.schedule.floor"] = "0.5",
        ["training.schedule.power"] = "2",
        ["training.schedule.gamma"] = "0.5",
        ["training.schedule.step_size"] = "3",
        ["training.schedule.milestones"] = "[3, 5]",
        ["training.schedule.start_factor"] = "0.5",
        ["training.schedule.end_factor"] = "0.5",
        ["training.schedule.steps"] = "9",
        ["training.schedule.initial_steps"] = "3",
        ["training.schedule.initial_factor"] = "0.5",
        ["training.schedule.rising_part"] = "0.5",
        ["training.schedule.start_divisor"] = "5",
        ["training.schedule.end_divisor"] = "5",
        ["run.folder"] = "runs/one",
        ["run.resume"] = "true",
        ["run.checkpoint_every"] = "5",
        ["run.save_model"] = "false",
        ["run.images_logged"] = "1",
        ["run.report_images"] = "1",
        ["run.log_every"] = "1",
        ["run.seed"] = "5",
        ["run.device"] = "cuda:1",
        ["run.threads"] = "1",
        ["run.encoder_precision"] = "bfloat16",
        ["embeddings.cache_folder"] = "cache",
        ["embeddings.reuse_cache"] = "false",
        ["embeddings.dtype"] = "float32",
        ["embeddings.encoder_batch_size"] = "2",
        ["evaluation.split"] = "train",
        ["prediction.output"] = "elsewhere",
        ["prediction.pictures"] = "[grey]",
        ["prediction.opacity"] = "1",
        ["prediction.probabilities"] = "true",
        ["prediction.batch_size"] = "3",
        ["prediction.window"] = "own_size",
        ["prediction.overlap"] = "0.25",
        ["prediction.flip"] = "true",
        ["prediction.scales"] = "[0.75, 1.25]",
    };

    public static TheoryData<string> Keys => [.. SamSegKnobs.Table.Knobs.Select(knob => knob.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Read_OneKey_ChangesThatSettingAndNoOther(string key)
    {
        var before = SettingsText.Show(SamSegSettings.Default);

        var after = SettingsText.Show(SettingsText.Read(SettingsText.Yaml(key, s_others[key])).Settings);

        var changed = Enumerable.Range(0, after.Count).Where(i => after[i] != before[i]).Select(i => SamSegKnobs.Table.Knobs[i].Key).ToList();
        if (key == "training.protocol")
            Assert.All(changed, other => Assert.StartsWith("training.", other, StringComparison.Ordinal));
        else
            Assert.Equal([key], changed);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Show_AnyValue_ReadsBackAsTheSame(string key)
    {
        var settings = SettingsText.Read(SettingsText.Yaml(key, s_others[key])).Settings;
        var knob = SamSegKnobs.Table[key];
        if (knob.Form == CommandLineForm.Sections)
            return; // a section has no form of one line in a file

        var shown = knob.Form == CommandLineForm.List ? $"[{knob.Show(settings)}]" : knob.Show(settings);

        Assert.Equal(knob.Show(settings), knob.Show(SettingsText.Read(SettingsText.Yaml(key, shown)).Settings));
    }

    [Fact]
    public void Table_EveryTrainingOption_IsReachedByASetting()
    {
        var reached = new HashSet<string>();
        foreach (var knob in SamSegKnobs.Table.Knobs.Where(knob => knob.Property is not null))
        {
            // A schedule's own settings need that schedule; that each arrives is tested below.
            if (knob.Key.StartsWith(ScheduleKnobs.Section, StringComparison.Ordinal) && !knob.Key.EndsWith(".name", StringComparison.Ordinal))
                continue;
            var changed = ChangedBy(SettingsText.Yaml(knob.Key, s_others[knob.Key]));
            Assert.Equal([knob.Property!], changed);
            reached.UnionWith(changed);
        }

        Assert.Equal(OptionNames().Order(), reached.Order());
    }

    [Theory]
    [InlineData("name: step\n    step_size: 3\n    gamma: 0.5", "StepSchedule { WarmupSteps = 100, WarmupFactor = 0.001, StepSize = 3, Gamma = 0.5 }")]
    [InlineData("name: exponential\n    gamma: 0.9\n    warmup_steps: 0", "ExponentialSchedule { WarmupSteps = 0, WarmupFactor = 0.001, Gamma = 0.9 }")]
    [InlineData("name: linear\n    start_factor: 0.5\n    end_factor: 0.25\n    steps: 9\n    warmup_factor: 0.5", "LinearSchedule { WarmupSteps = 100, WarmupFactor = 0.5, StartFactor = 0.5, EndFactor = 0.25, Steps = 9 }")]
    [InlineData("name: poly\n    power: 2", "PolynomialSchedule { WarmupSteps = 100, WarmupFactor = 0.001, Power = 2 }")]
    [InlineData("name: cosine\n    floor: 0.1\n    warmup_steps: none", "CosineSchedule { WarmupSteps = 0, WarmupFactor = 0.001, Floor = 0.1 }")]
    [InlineData("name: constant\n    initial_steps: 3\n    initial_factor: 0.5", "ConstantSchedule { WarmupSteps = 100, WarmupFactor = 0.001, InitialSteps = 3, InitialFactor = 0.5 }")]
    [InlineData("name: one_cycle\n    rising_part: 0.5\n    start_divisor: 5\n    end_divisor: 7", "OneCycleSchedule { RisingPart = 0.5, StartDivisor = 5, EndDivisor = 7 }")]
    public void Options_ScheduleOfAnyName_TakesItsSettings(string lines, string expected) =>
        Assert.Equal(expected, Options($"training:\n  schedule:\n    {lines}\n").Schedule.ToString());

    [Fact]
    public void Options_Milestones_ReachTheSchedule() =>
        Assert.Equal(
            new ML.Training.Schedules.MultiStepSchedule { Milestones = [3, 5], Gamma = 0.1, WarmupSteps = 100 },
            Options("training:\n  schedule: { name: multi_step, milestones: [3, 5] }\n").Schedule);

    [Fact]
    public void Options_EarlyStoppingAndItsGain_ReachTheOptions() =>
        Assert.Equal(
            new EarlyStopping { Metric = ValidationMetric.Loss, Patience = 3, MinimumGain = 1.5 },
            Options("training: { early_stopping: 3, early_stopping_metric: loss, early_stopping_gain: 1.5 }\n").EarlyStopping);

    [Theory]
    [InlineData("training: { early_stopping_gain: 0.01 }\n", "settings.yaml:1:34: training.early_stopping_gain: expected training.early_stopping with it, found none")]
    [InlineData("training: { early_stopping_metric: loss }\n", "settings.yaml:1:36: training.early_stopping_metric: expected training.early_stopping with it, found none")]
    [InlineData("training: { early_stopping: 3, early_stopping_gain: 1 }\n", "settings.yaml:1:29: training.early_stopping: .MinimumGain is 1; it must be at least 0 and less than 1.")]
    [InlineData("training: { keep_top_metric: loss }\n", "settings.yaml:1:30: training.keep_top_metric: is Loss; that needs KeepTop.")]
    [InlineData("run: { resume: true }\n", "settings.yaml:1:16: run.resume: expected run.folder with it, found none")]
    public void Options_SettingsThatNeedOthers_AreRefusedWithoutThem(string yaml, string expected)
    {
        var bad = Assert.Throws<ConfigurationException>(() => Options(yaml));

        Assert.Equal([expected], bad.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void Options_NothingSaid_AreTheLibrarysDefaults() =>
        Assert.Empty(Differences(TrainingOptions.Default, Options("")));

    [Fact]
    public void Options_ProtocolReference_AreTheReferencesAndStillChangeable()
    {
        var options = Options("training:\n  epochs: 3\n  protocol: reference\n");

        Assert.Empty(Differences(TrainingOptions.Reference with { Epochs = 3 }, options));
    }

    [Fact]
    public void Over_EveryDimension_ReachesTheNetwork()
    {
        var yaml = "model:\n  network:\n" + string.Concat(s_others
            .Where(pair => pair.Key.StartsWith("model.network.", StringComparison.Ordinal))
            .Select(pair => $"    {pair.Key["model.network.".Length..]}: {pair.Value}\n"));

        var config = SettingsText.Read(yaml).Settings.Model.Network.Over(SamConfig.VitB);

        Assert.Equal(
            new SamConfig
            {
                ImageSize = 64,
                PatchSize = 8,
                EncoderDim = 32,
                EncoderDepth = 2,
                EncoderHeads = 2,
                WindowSize = 4,
                GlobalAttentionBlocks = [1],
                MlpRatio = 2,
                EmbeddingChannels = 16,
                DecoderHeads = 2,
                DecoderDepth = 1,
                DecoderMlpDim = 32,
                IouHiddenDim = 16,
                MaskInChannels = 4,
            },
            config);
        Assert.All(
            typeof(SamConfig).GetProperties().Where(property => property.GetSetMethod() is not null),
            property => Assert.NotEqual(property.GetValue(SamConfig.VitB), property.GetValue(config)));
    }

    private static IReadOnlyList<string> ChangedBy(string yaml)
    {
        var settings = SettingsText.Read(yaml).Settings;
        var schedule = settings.Schedule == SamSegSettings.Default.Schedule ? TrainingOptions.Default.Schedule : settings.Schedule.Create();
        return Differences(TrainingOptions.Default, settings.Training with { Schedule = schedule });
    }

    private static TrainingOptions Options(string yaml) =>
        TrainingSetup.Options(SettingsText.Read(yaml), DateTimeOffset.UnixEpoch) with { RunFolder = null };

    private static IReadOnlyList<string> Differences(TrainingOptions expected, TrainingOptions actual) =>
        [.. OptionNames().Where(name => !Same(Value(expected, name), Value(actual, name)))];

    private static bool Same(object? a, object? b) =>
        a is IReadOnlyDictionary<string, PartOverride> parts ? parts.SequenceEqual((IReadOnlyDictionary<string, PartOverride>)b!) : Equals(a, b);

    private static object? Value(TrainingOptions options, string name) => typeof(TrainingOptions).GetProperty(name)!.GetValue(options);

    private static IEnumerable<string> OptionNames() =>
        typeof(TrainingOptions).GetProperties(BindingFlags.Instance | BindingFlags.Public).Select(property => property.Name);
}
