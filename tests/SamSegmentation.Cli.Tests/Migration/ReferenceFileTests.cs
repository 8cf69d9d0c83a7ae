using SamSegmentation.Cli.Configuration;
using SamSegmentation.Cli.Migration;
using SamSegmentation.Cli.Settings;
using SamSegmentation.Cli.Settings.Knobs;
using SamSegmentation.Cli.Tests.Settings;
using SamSegmentation.Cli.Training;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Schedules;
using Xunit;

namespace SamSegmentation.Cli.Tests.Migration;

public class ReferenceFileTests
{
    // The keys and values of SAM_for_Semantic_Segmentation's file.
    private const string Reference = """
        train:
          experiment_name: 'semantic_sam'
          model:
            sam_name: 'sem_sam'
            params:
              fix_img_en: True
              fix_prompt_en: True
              fix_mask_de: False
              ckpt_path: 'sam_ckpt/sam_vit_b_01ec64.pth'
              class_num: 21
              model_type: 'vit_b'
          dataset:
            name: 'torch_voc_sem'
            params: { root: './DataSet', year: '2012', image_set: 'train' }
            transforms:
              resize: { params: { size: [1024, 1024] } }
              to_tensor: { params: ~ }
            target_transforms:
              resize: { params: { size: [1024, 1024] } }
          losses:
            ce: { weight: 0.5, params: { ignore_index: 255 }, label_one_hot: False }
          opt_params:
            lr_default:  1e-3
            wd_default: 1e-4
            momentum: 0.9
            lr_list:  [ 1e-2, ]
            group_keys: [ [ 'mask_adapter.decoder_head.output_hypernetworks_mlps', ], ]
            wd_list:  [ 0.0, ]
          opt_name: 'sgd'
          scheduler_name: 'cosine'
          max_epoch: 50
          runner_name: 'sem_runner'
          bs: 8
          num_workers: 4
          drop_last: True
          use_tensorboard: True
          tensorboard_folder: './experiment/tensorboard'
          log_folder: './experiment/log'
          model_folder: './experiment/model'
        val:
          dataset:
            name: 'torch_voc_sem'
            params: { root: './DataSet', year: '2012', image_set: 'val' }
          bs: 8
        test:
          need_test: False

        """;

    [Fact]
    public void Translate_TheReferencesOwnFile_IsItsProtocol()
    {
        var (loaded, translated) = Read(Reference);

        var options = TrainingSetup.Options(loaded, DateTimeOffset.UnixEpoch);
        Assert.Equal(
            SettingsText.Show(SamSegSettings.Default.StartFrom(Protocol.Reference) with { Protocol = Protocol.Default }).Where(line => line.StartsWith("training.", StringComparison.Ordinal)),
            SettingsText.Show(loaded.Settings).Where(line => line.StartsWith("training.", StringComparison.Ordinal)));
        Assert.Equal(TrainingOptions.Reference.Schedule, options.Schedule);
        Assert.Equal("sam_ckpt/sam_vit_b_01ec64.pth", loaded.Settings.Model.Checkpoint);
        Assert.Equal(Variant.VitB, loaded.Settings.Model.Variant);
        Assert.Equal("./DataSet/VOCdevkit/VOC2012", loaded.Settings.Dataset.Voc);
        Assert.Equal("runs/semantic_sam", options.RunFolder);
        Assert.Equal(ReferenceLeaf.Of(Parse(Reference)).Count(), translated.Notes.Count);
        Assert.DoesNotContain(translated.Notes, note => note.Contains("nothing here corresponds", StringComparison.Ordinal));
        Assert.Contains("settings.yaml:33:7: train.bs: 8 is training.batch_size: 8", translated.Notes);
    }

    [Fact]
    public void Is_ThisProgramsFile_IsNot()
    {
        Assert.False(ReferenceFile.Is(Parse("training: { epochs: 5 }\n")));
        Assert.True(ReferenceFile.Is(Parse("train: { max_epoch: 5 }\n")));
    }

    [Fact]
    public void Translate_SeveralGroups_AreParts()
    {
        var (loaded, _) = Read("""
            train:
              model: { params: { fix_img_en: True } }
              opt_params:
                lr_default: 1e-4
                group_keys: [ ['mask_adapter.decoder_head.output_hypernetworks_mlps'], ['mask_adapter.decoder_neck.transformer', 'mask_adapter.decoder_neck.mask_tokens'] ]
                lr_list: [1e-2, 1e-3]
                wd_list: [0, 0.1]

            """);

        var training = loaded.Settings.Training;
        Assert.Equal(TrainedParts.Decoder, training.Trained);
        Assert.Equal(1e-4, training.LearningRate);
        Assert.Equal(new PartOverride { LearningRate = 1e-2, WeightDecay = 0 }, training.Parts["mask_decoder.output_hypernetworks_mlps"]);
        Assert.Equal(new PartOverride { LearningRate = 1e-3, WeightDecay = 0.1 }, training.Parts["mask_decoder.transformer"]);
        Assert.Equal(new PartOverride { LearningRate = 1e-3, WeightDecay = 0.1 }, training.Parts["mask_decoder.mask_tokens"]);
    }

    [Fact]
    public void Translate_WarmUpOverSteps_IsMultiStepWithWarmUp()
    {
        var (loaded, _) = Read("""
            train:
              scheduler_name: warmup_multi_step
              opt_params: { milestones: [60000, 86666], gamma: 0.2, warmup_factor: 0.01, warmup_iters: 250 }

            """);

        Assert.Equal(
            new MultiStepSchedule { Milestones = [60000, 86666], Gamma = 0.2, WarmupFactor = 0.01, WarmupSteps = 250 },
            loaded.Settings.Schedule.Create());
    }

    [Fact]
    public void Translate_TheCrossEntropysWeight_IsItsFactor() =>
        Assert.Equal("0.25*cross_entropy", Read("train: { losses: { ce: { weight: 0.25 } } }\n").Loaded.Settings.Training.Loss.ToString());

    [Fact]
    public void Translate_EncoderNotFixed_TrainsEverything() =>
        Assert.Equal(TrainedParts.Everything, Read("train: { model: { params: { fix_img_en: False } } }\n").Loaded.Settings.Training.Trained);

    [Fact]
    public void Translate_Folders_AreImagesAndMasks()
    {
        var data = Read("train: { dataset: { name: base_sem, params: { dataset_dir: data/mine/ } } }\n").Loaded.Settings.Dataset;

        Assert.Equal(("data/mine/img/train", "data/mine/ann/train", "data/mine/img/val", "data/mine/ann/val"), (data.Images, data.Masks, data.ValImages, data.ValMasks));
    }

    [Theory]
    [InlineData("train: { scheduler_name: exponential }", "train.scheduler_name", "warmup_multi_step")]
    [InlineData("train: { dataset: { name: base_ade } }", "train.dataset.name", "torch_voc_sem")]
    [InlineData("train: { losses: { ce: { params: { ignore_index: 0 } } } }", "train.losses.ce.params.ignore_index", "255")]
    [InlineData("train: { losses: { ce: { weight: half } } }", "training.loss", "half")]
    [InlineData("train: { opt_params: { group_keys: [['other']] } }", "train.opt_params.group_keys", "mask_adapter")]
    [InlineData("train: { dataset: { name: torch_voc_sem, params: { root: a } } }\nval: { dataset: { params: { root: b } } }", "val.dataset.params.root", "'a'")]
    [InlineData("train: { bs: 8, bs: 4 }", "train.bs", "twice")]
    [InlineData("train: { bs: many }", "training.batch_size", "many")]
    public void Translate_AValueWithoutACounterpart_IsAProblemAtItsPlace(string yaml, string key, string message)
    {
        var problems = new List<ConfigProblem>();

        Read(yaml + "\n", problems);

        var problem = Assert.Single(problems);
        Assert.Equal(key, problem.Key);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.StartsWith("settings.yaml:", problem.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void Translate_AnUnknownKey_SaysThatItIsLeftOut() =>
        Assert.Equal("settings.yaml:1:21: train.use_magic: 1 is left out: nothing here corresponds to it", Assert.Single(Read("train: { use_magic: 1 }\n").Translated.Notes));

    private static ConfigNode.Mapping Parse(string yaml) => YamlFile.Parse("settings.yaml", yaml, []);

    private static (LoadedSettings<SamSegSettings> Loaded, TranslatedFile Translated) Read(string yaml, List<ConfigProblem>? problems = null)
    {
        var found = problems ?? [];
        var translated = ReferenceFile.Translate(Parse(yaml), found);
        var loaded = SamSegKnobs.Table.Read(SamSegSettings.Default, translated.File, new Dictionary<Knob<SamSegSettings>, ConfigNode>(), found);
        return problems is not null || found.Count == 0 ? (loaded, translated) : throw new ConfigurationException(found);
    }
}
