using SamSegmentation.ML.Modeling.Adapters;
using SamSegmentation.ML.Tests.Checkpoints;
using SamSegmentation.ML.Training;
using SamSegmentation.ML.Training.Augmentation;
using SamSegmentation.ML.Training.Schedules;
using Xunit;

namespace SamSegmentation.ML.Tests.Training.Resuming;

/// <summary>A run that was stopped and resumed ends as one that never stopped, bit for bit.</summary>
// Alone: a resumed run sets the process's generator.
[Collection(LiveTensors.Alone)]
public sealed class ResumeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static readonly TrainingOptions s_base = TinyRun.Options with
    {
        BatchSize = 3,
        Schedule = new CosineSchedule { WarmupSteps = 2 },
        LogEvery = 2,
        ImagesLogged = 1,
    };

    private static readonly Dictionary<string, TrainingOptions> s_variants = new()
    {
        ["decoder, AdamW, average"] = s_base with { EmaDecay = 0.9 },
        ["decoder, Adam, average, last weights"] = s_base with { Optimizer = OptimizerKind.Adam, EmaDecay = 0.5, KeepBest = false, MeasureTraining = false },
        ["decoder, cached views, Adam"] = s_base with { Optimizer = OptimizerKind.Adam, Augmentation = new AugmentationOptions { FlipProbability = 0.5, Views = 2 } },
        ["hypernetworks, Nesterov, parts"] = s_base with
        {
            Trained = TrainedParts.Hypernetworks,
            Optimizer = OptimizerKind.Sgd,
            Nesterov = true,
            ClippingNorm = 0.5,
            Parts = new Dictionary<string, PartOverride> { ["mask_decoder.output_hypernetworks_mlps.1"] = new() { LearningRate = 0.1 } },
        },
        ["adapters, Adam, micro-batches"] = s_base with
        {
            Trained = TrainedParts.DecoderAndAdapters,
            Adapters = new AdapterOptions { Kind = AdapterKind.Both, BottleneckWidth = 4, FirstBlock = 1 },
            Optimizer = OptimizerKind.Adam,
            MicroBatchSize = 2,
        },
        ["everything, augmented, a worse end"] = s_base with { Trained = TrainedParts.Everything, Augmentation = new AugmentationOptions { FlipProbability = 0.5, ScaleJitter = true, Brightness = 0.2 }, Optimizer = OptimizerKind.Sgd, LearningRate = 0.3, Schedule = new ConstantSchedule() },
    };

    public static TheoryData<string> Variants => [.. s_variants.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Variants))]
    public void Resume_CancelledAfterEachStepAndInEachValidation_EndsAsIfItNeverStopped(string variant)
    {
        var whole = RunTrace.Whole(In("whole", s_variants[variant]));
        var options = In("pieces", s_variants[variant]) with { Resume = true };
        var runs = 0;

        while (true)
        {
            using var model = TinyNetwork.Create();
            using var cancellation = new CancellationTokenSource();
            var validated = false;
            var result = TinyRun.Train(
                model, options, validation: TinyRun.ValidationSet,
                progress: progress =>
                {
                    // A run that goes on in a validation completes it, and the next one stops in its first step.
                    validated |= progress.Completed is not null;
                    if (progress.Loss is not null || (progress is { Stage: TrainingStage.Validation, Done: 2 } && runs % 2 == 0 && !validated))
                        cancellation.Cancel();
                },
                cancellation: cancellation.Token);
            runs++;
            Assert.True(runs < 30, "The run does not come forward.");
            if (result.Cancelled)
                continue;
            whole.AssertSame(new RunTrace(result, MiniNetwork.Bytes(model), options.RunFolder!));
            break;
        }
        Assert.True(runs > 6, $"The run was stopped {runs - 1} times.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(null)]
    public void Resume_DiedAtAnyReport_EndsAsIfItHadNot(int? checkpointEvery)
    {
        var variant = s_variants["decoder, AdamW, average"] with { CheckpointEvery = checkpointEvery };
        var reports = 0;
        using (var model = TinyNetwork.Create())
            TinyRun.Train(model, variant, validation: TinyRun.ValidationSet, progress: _ => reports++);
        var whole = RunTrace.Whole(In("whole", variant));
        // Reports from the first step on: steps, validations, epochs and files.
        var random = new Random(checkpointEvery ?? 0);
        foreach (var death in Enumerable.Range(0, 4).Select(_ => random.Next(15, reports)).Distinct())
        {
            var options = In($"died {death}", variant);
            using (var model = TinyNetwork.Create())
            {
                var told = 0;
                Assert.Throws<InvalidDataException>(() => TinyRun.Train(
                    model, options, validation: TinyRun.ValidationSet, progress: _ =>
                    {
                        if (++told == death)
                            throw new InvalidDataException("death");
                    }));
            }
            using var other = TinyNetwork.Create();

            var result = TinyRun.Train(other, options with { Resume = true }, validation: TinyRun.ValidationSet);

            whole.AssertSame(new RunTrace(result, MiniNetwork.Bytes(other), options.RunFolder!));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(null)]
    public void Resume_DiedAfterAnyStep_LosesTheStepsSinceTheLastMultipleOrEpoch(int? checkpointEvery)
    {
        const int StepsPerEpoch = 3;
        var every = checkpointEvery ?? int.MaxValue;
        for (var died = 1; died <= 2 * StepsPerEpoch; died++)
        {
            var options = In($"died {died}", s_base) with { CheckpointEvery = checkpointEvery, SaveModel = false };
            using var model = TinyNetwork.Create();
            var steps = 0;
            Assert.Throws<InvalidDataException>(() => TinyRun.Train(model, options, progress: progress =>
            {
                if (progress.Loss is not null && ++steps == died)
                    throw new InvalidDataException("death");
            }));
            var resumed = -1L;

            // Where it goes on is known before the first step.
            Assert.Throws<InvalidDataException>(() => TinyRun.Train(model, options with { Resume = true }, progress: progress =>
            {
                if (progress.Resumed is not null)
                    throw new InvalidDataException($"{resumed = progress.Resumed.Step}");
            }));

            // The epoch that the step may have ended was not yet written when its report came.
            Assert.Equal(Math.Max((died - 1) / StepsPerEpoch * StepsPerEpoch, died / every * every), resumed);
        }
    }

    [Fact]
    public void Resume_ARunThatStoppedEarly_StopsThereToo()
    {
        var options = In("run", s_base) with { Epochs = 9, LearningRate = 1e-30, WeightDecay = 0, EarlyStopping = new EarlyStopping { Patience = 2 } };
        using var model = TinyNetwork.Create();
        // Dies after the last epoch's state, before the files of the end.
        Assert.Throws<InvalidDataException>(() => TinyRun.Train(model, options, validation: TinyRun.ValidationSet, progress: progress =>
        {
            if (progress.Completed is { Epoch: 3 })
                throw new InvalidDataException("death");
        }));
        var steps = 0;

        var result = TinyRun.Train(model, options with { Resume = true }, validation: TinyRun.ValidationSet, progress: progress => steps += progress.Loss is null ? 0 : 1);

        Assert.Equal(3, result.Epochs.Count);
        Assert.Equal(0, steps);
        Assert.True(File.Exists(result.ModelPath));
    }

    [Fact]
    public void Resume_AFinishedRun_GivesItsResultAndReadsNoImage()
    {
        var options = In("run", s_base with { EmaDecay = 0.9 });
        var whole = RunTrace.Whole(options);
        var files = Contents(options.RunFolder!);
        using var model = TinyNetwork.Create();
        var resumed = new List<ResumedRun>();

        var result = TinyRun.Train(
            model, options with { Resume = true }, TinyRun.NeverRead(), TinyRun.ValidationSet,
            progress => resumed.AddRange(progress.Resumed is { } run ? [run] : []));

        whole.AssertSame(new RunTrace(result, MiniNetwork.Bytes(model), options.RunFolder!));
        Assert.Equal(whole.Result.ModelPath, result.ModelPath);
        var told = Assert.Single(resumed);
        Assert.Equal((true, 2, 6L), (told.Finished, told.Epochs, told.Step));
        Assert.Equal(files, Contents(options.RunFolder!));
        // One state, which holds the weights alone.
        Assert.Equal([".safetensors", ".sha256"], Directory.GetFiles(Path.Combine(options.RunFolder!, "state")).Select(Path.GetExtension).Order());
    }

    [Fact]
    public void Resume_NoRunInTheFolder_BeginsOne()
    {
        var whole = RunTrace.Whole(In("whole", s_base));
        // Ended after the log was begun and before the first state, with files half written.
        var options = In("begun", s_base) with { Resume = true };
        Directory.CreateDirectory(options.RunFolder!);
        File.WriteAllText(Path.Combine(options.RunFolder!, "options.json"), "{}");
        File.WriteAllText(Path.Combine(options.RunFolder!, "log.jsonl"), "{\"event\":\"sta");
        File.WriteAllText(Path.Combine(options.RunFolder!, ".0123456789abcdef0123456789abcdef.tmp"), "half");
        File.WriteAllText(Path.Combine(options.RunFolder!, ".mine.tmp"), "the user's");

        whole.AssertSame(RunTrace.Whole(options));
        whole.AssertSame(RunTrace.Whole(In("fresh", s_base) with { Resume = true }));

        Assert.Equal([".mine.tmp"], Directory.GetFiles(options.RunFolder!, "*.tmp").Select(Path.GetFileName));
        Assert.StartsWith("{\"event\":\"start\"", File.ReadLines(Path.Combine(options.RunFolder!, "log.jsonl")).First(), StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_Progress_TellsWhereTheRunGoesOn()
    {
        var options = In("run", s_base) with { CheckpointEvery = 2 };
        using var model = TinyNetwork.Create();
        Assert.Throws<InvalidDataException>(() => TinyRun.Train(model, options, progress: progress =>
        {
            if (progress is { Epoch: 2, Done: 2, Loss: not null })
                throw new InvalidDataException("death");
        }));
        TrainingProgress? told = null;
        var steps = new List<int>();

        TinyRun.Train(model, options with { Resume = true }, progress: progress =>
        {
            told = progress.Resumed is null ? told : progress;
            if (progress.Loss is not null)
                steps.Add(progress.Done);
        });

        Assert.Equal((TrainingStage.Training, 2, 1, 3), (told!.Stage, told.Epoch, told.Done, told.Total));
        Assert.Equal((false, 1, 4L), (told.Resumed!.Finished, told.Resumed.Epochs, told.Resumed.Step));
        Assert.Empty(told.Resumed.Warnings);
        Assert.Equal([2, 3], steps);
    }

    private static Dictionary<string, byte[]> Contents(string folder) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllBytes);

    private TrainingOptions In(string run, TrainingOptions options) =>
        options with { RunFolder = Path.Combine(_folder.Root, run), CacheFolder = Path.Combine(_folder.Root, "cache") };
}
